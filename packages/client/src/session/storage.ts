/**
 * Where a program keeps its refresh token: Keychain, Keystore, a file. Never needed in a browser,
 * and never localStorage: every script of a page reads that.
 */
export interface TokenStorage {
  /** `null`: nothing is kept. */
  get(): Promise<string | null>
  set(value: string): Promise<void>
  delete(): Promise<void>
}

/** What is kept: the token, and the key that goes with every use of it. */
export interface KeptToken {
  readonly refreshToken: string
  /** The same for each try to refresh: a retry is told from a thief by it. */
  readonly key: string
}

export function parseKept(text: string | null): KeptToken | null {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<KeptToken> | null
    const { refreshToken, key } = value ?? {}
    return typeof refreshToken === 'string' && typeof key === 'string'
      ? { refreshToken, key }
      : null
  } catch {
    return null
  }
}
