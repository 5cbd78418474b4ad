/** What of an access token can be revoked, by the names of its claims. */
export interface RevocableToken {
  readonly sub: string
  readonly sid?: string
  readonly client_id?: string
  readonly tv?: number
  readonly rv?: number
  readonly roles?: readonly string[]
}
