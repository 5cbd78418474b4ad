import { AuthError } from '../../base/errors.ts'

const acceptable = /^[A-Za-z0-9._~-]{16,128}$/

/**
 * Reads `Idempotency-Key`: 16 to 128 of `[A-Za-z0-9._~-]`, with or without quotes.
 *
 * @throws {AuthError} `VALIDATION_FAILED`: to ignore a bad key would turn the retry it was
 *   meant for into a theft.
 * @see draft-ietf-httpapi-idempotency-key-header §2.1
 */
export function readIdempotencyKey(headers: Headers): string | undefined {
  const header = headers.get('idempotency-key')
  if (header === null) return undefined
  const key = header.startsWith('"') && header.endsWith('"') ? header.slice(1, -1) : header
  if (acceptable.test(key)) return key
  throw new AuthError('VALIDATION_FAILED', {
    errors: [
      {
        path: 'Idempotency-Key',
        code: 'INVALID',
        message: '16 to 128 characters of A-Z a-z 0-9 . _ ~ -',
      },
    ],
  })
}
