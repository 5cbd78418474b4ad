/** A way to check access tokens, opened for one key. */
export interface TokenCheck {
  /** What a call is given. Made before the clock starts. */
  readonly input: (token: string) => unknown
  /** Throws, or rejects, when the token is not good. */
  readonly call: (input: never) => unknown
  readonly answers: 'now' | 'by promise'
}
