import { AuthError } from '../../../base/errors.ts'

/** A state of the database, not of the request. */
export function unavailable(detail: string, retryAfterSeconds: number, cause?: unknown): AuthError {
  return new AuthError('UNAVAILABLE', { detail, retryAfterSeconds, cause })
}
