/** What is wrong with the access token of a request (RFC 6750 §3.1). */
export type ChallengeError =
  | { readonly error: 'invalid_request' }
  | { readonly error: 'invalid_token' }
  | { readonly error: 'insufficient_scope'; readonly scope: string }

/**
 * The header that asks for an access token (RFC 6750 §3). Without a `problem` it has no
 * `error`: the request presented no credentials, so none can be wrong.
 *
 * Takes trusted text only: `realm` and `scope` have been checked when the guard was made.
 */
export function challenge(realm: string, problem?: ChallengeError): Record<string, string> {
  const parameters = Object.entries({ realm, ...problem })
  const text = parameters.map(([name, value]) => `${name}="${value}"`).join(', ')
  return { 'WWW-Authenticate': `Bearer ${text}` }
}
