import type { AccessToken } from '../token/access-token.ts'
import { challenge } from './challenge.ts'
import { GuardError } from './guard-error.ts'
import { isMet, type Rule } from './requirement.ts'

/**
 * Whether the bearer of a verified token may go on.
 *
 * @param token What `authenticate` has left in the request.
 * @throws {GuardError} `FORBIDDEN` when the token does not meet the rule.
 * @throws {Error} There is no token: `authenticate` did not run before. A mistake in the program,
 *   so it is no answer to the client, and nobody passes.
 */
export function authorizeRequest(
  { rule, realm }: { readonly rule: Rule; readonly realm: string },
  token: AccessToken | null | undefined,
): void {
  if (!token) throw new Error('authorize() found no access token: put authenticate() before it.')
  if (isMet(rule, token)) return
  throw new GuardError('FORBIDDEN', { headers: missingScope(rule, realm) })
}

// RFC 6750 §3.1 knows scopes only. Which role or permission is missing is not told.
function missingScope({ kind, names }: Rule, realm: string): Record<string, string> {
  if (kind !== 'scope') return {}
  return challenge(realm, { error: 'insufficient_scope', scope: names.join(' ') })
}
