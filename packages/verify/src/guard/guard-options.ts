import type { RevocationPolicy } from '../revocation/policy.ts'

/** How a guard answers a request that may not pass. */
export interface GuardOptions {
  /**
   * `respond`: the guard answers with `application/problem+json`. `forward`: it hands a
   * `GuardError` with `code`, `status` and `headers` to the framework's error handling, for
   * one handler that formats all errors. Default `respond`.
   */
  readonly onError?: 'respond' | 'forward'
  /**
   * What the route does when whether a token was revoked cannot be told for sure: `strict` asks
   * the authority or answers 503 as soon as a revocation could be more than a second old,
   * `default` does so for what changes something, `available` goes on. Default `default`.
   */
  readonly revocation?: RevocationPolicy
  /** The protection space in `WWW-Authenticate` (RFC 9110 §11.5). Default `api`. */
  readonly realm?: string
}

const policies: readonly RevocationPolicy[] = ['strict', 'default', 'available']

// What needs no escape within the quotes of a header.
const realmText = /^[\w .:/-]{1,64}$/

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {TypeError} Names every option that is wrong or unknown.
 */
export function checkGuardOptions(options: GuardOptions = {}): Required<GuardOptions> {
  const { onError = 'respond', realm = 'api', revocation = 'default', ...unknown } = options
  const problems = Object.keys(unknown).map((name) => `${name} is no option`)
  if (onError !== 'respond' && onError !== 'forward') {
    problems.push('onError must be respond or forward')
  }
  if (typeof realm !== 'string' || !realmText.test(realm)) {
    problems.push('realm must be 1 to 64 letters, digits, spaces or _ . : / -')
  }
  if (!policies.includes(revocation)) {
    problems.push('revocation must be strict, default or available')
  }
  if (problems.length > 0) throw new TypeError(`guard: ${problems.join('; ')}.`)
  return { onError, realm, revocation }
}
