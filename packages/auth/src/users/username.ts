import { AuthError } from '../base/errors.ts'
import { parseUsername } from '../model/identifiers.ts'

/**
 * Reads a username a user chose.
 *
 * @throws {AuthError} `VALIDATION_FAILED`.
 */
export function requireUsername(text: string): string {
  const username = parseUsername(text)
  if (username !== null) return username
  throw new AuthError('VALIDATION_FAILED', {
    errors: [{ path: 'username', code: 'INVALID', message: '3 to 32 of a-z 0-9 . _ -' }],
  })
}
