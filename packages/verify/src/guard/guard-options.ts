/** How a guard answers a request that may not pass. */
export interface GuardOptions {
  /**
   * `respond`: the guard answers with `application/problem+json`. `forward`: it hands a
   * `GuardError` with `code`, `status` and `headers` to the framework's error handling, for
   * one handler that formats all errors. Default `respond`.
   */
  readonly onError?: 'respond' | 'forward'
  /** The protection space in `WWW-Authenticate` (RFC 9110 §11.5). Default `api`. */
  readonly realm?: string
}

// What needs no escape within the quotes of a header.
const realmText = /^[\w .:/-]{1,64}$/

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {TypeError} Names every option that is wrong or unknown.
 */
export function checkGuardOptions(options: GuardOptions = {}): Required<GuardOptions> {
  const { onError = 'respond', realm = 'api', ...unknown } = options
  const problems = Object.keys(unknown).map((name) => `${name} is no option`)
  if (onError !== 'respond' && onError !== 'forward') {
    problems.push('onError must be respond or forward')
  }
  if (typeof realm !== 'string' || !realmText.test(realm)) {
    problems.push('realm must be 1 to 64 letters, digits, spaces or _ . : / -')
  }
  if (problems.length > 0) throw new TypeError(`guard: ${problems.join('; ')}.`)
  return { onError, realm }
}
