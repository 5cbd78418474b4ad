// Written by `npm run client-types`, from the OpenAPI document of the authority.

export interface TokenAnswer {
  readonly accessToken: string
  readonly tokenType: 'Bearer'
  /** Lifetime of the access token, in seconds. */
  readonly expiresIn: number
  /** With body transport only. */
  readonly refreshToken?: string
  readonly refreshExpiresAt: string
  readonly sessionId: string
  readonly user?: User
}

export interface User {
  readonly id: string
  readonly email: string
  readonly emailVerified: boolean
  readonly username?: string
  readonly name?: string
  readonly roles: readonly string[]
  readonly createdAt: string
  readonly updatedAt: string
}

export interface Session {
  readonly id: string
  readonly current: boolean
  readonly createdAt: string
  readonly lastUsedAt: string
  readonly expiresAt: string
  readonly ip: string
  readonly userAgent: string | null
  readonly device: string | null
  readonly authMethods: readonly string[]
}
