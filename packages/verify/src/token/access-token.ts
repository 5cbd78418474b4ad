/**
 * The claims of a verified access token, frozen, by their names on the wire.
 *
 * Ours carry all of the first group, `jti` and `client_id`, and those of users `sid`, `tv`,
 * `roles` and `permissions`. Those of other issuers carry the first group and what their
 * issuer puts in, of the types named here.
 *
 * @see RFC 7519 §4.1, RFC 9068 §2.2, RFC 8693 §4.2 (`scope`)
 */
export interface AccessToken {
  readonly iss: string
  readonly sub: string
  readonly aud: string | readonly string[]
  /** Seconds since 1970. */
  readonly exp: number
  /** Seconds since 1970. */
  readonly iat: number

  /** There unless `requiredClaims` lets it be missing. */
  readonly jti?: string
  /** Seconds since 1970. */
  readonly nbf?: number
  readonly client_id?: string
  /** The session the token belongs to. */
  readonly sid?: string
  /** The user's token version: lower ones are revoked. */
  readonly tv?: number
  /** The version of the user's roles: lower than that of a role that changed is revoked. */
  readonly rv?: number
  readonly roles?: readonly string[]
  readonly permissions?: readonly string[]
  /** Space separated. */
  readonly scope?: string
  /** When the user proved who they are; seconds since 1970. */
  readonly auth_time?: number
  /** How they did (RFC 8176). */
  readonly amr?: readonly string[]
  readonly acr?: string

  readonly [claim: string]: unknown
}
