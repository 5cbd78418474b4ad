import { AuthError } from '../base/errors.ts'

/**
 * Reads a query string.
 *
 * @throws {AuthError} `VALIDATION_FAILED` when a name comes twice: which of two values
 *   counts is nothing to guess.
 */
export function readQuery(parameters: URLSearchParams): Record<string, string> {
  const query = Object.create(null) as Record<string, string>
  for (const [name, value] of parameters) {
    if (name in query) {
      throw new AuthError('VALIDATION_FAILED', {
        errors: [
          { path: name.slice(0, 64), code: 'REPEATED', message: 'This comes more than once.' },
        ],
      })
    }
    query[name] = value
  }
  return query
}
