import { type ErrorCode, errorSpecs } from '../../packages/auth/src/base/errors.ts'
import { code, markdownTable } from './table.ts'

const advice: Readonly<Record<ErrorCode, string>> = {
  VALIDATION_FAILED: 'Mend the request; `errors` names the members.',
  INVALID_CREDENTIALS: 'Ask again. Unknown user, wrong password and locked account look alike.',
  REFRESH_TOKEN_MISSING: 'Sign in.',
  REFRESH_TOKEN_INVALID: 'Sign in.',
  REFRESH_TOKEN_EXPIRED: 'Sign in.',
  REFRESH_TOKEN_REUSED: 'Sign in. Somebody else may have had the token: see [refresh](refresh.md).',
  SESSION_REVOKED: 'Sign in.',
  ONE_TIME_TOKEN_INVALID: 'Ask for another link.',
  EMAIL_NOT_VERIFIED:
    'Open the link that was mailed, or ask for another. Only said after a right password.',
  TOKEN_MISSING: 'Send `Authorization: Bearer …`.',
  TOKEN_INVALID: 'Sign in. Refreshing may not help: the token is malformed or of somebody else.',
  TOKEN_EXPIRED: 'Refresh and try again.',
  TOKEN_REVOKED: 'Refresh and try again; if that is refused too, sign in.',
  ACCOUNT_BLOCKED: 'An administrator must unblock the user. Only said after a right password.',
  FORBIDDEN: 'Do not try again: a role, permission or scope is missing.',
  ORIGIN_REFUSED: 'Add the origin to `TRUSTED_ORIGINS` if it is yours.',
  PASSWORD_WRONG: 'Ask for the current password again. No reason to refresh.',
  NOT_FOUND: 'There is no such path, user, session or role, or it is not yours.',
  METHOD_NOT_ALLOWED: '`Allow` says which methods there are.',
  EMAIL_TAKEN: 'Sign in instead.',
  USERNAME_TAKEN: 'Choose another.',
  REFRESH_SUPERSEDED: 'Nothing changed. Use the newer token you already have.',
  ROTATION_PENDING: 'Wait until the new key signs.',
  ROTATION_UNSUPPORTED: 'Change `ACCESS_TOKEN_SECRET`, at both ends.',
  LAST_ADMIN: 'Make another administrator first.',
  BODY_TOO_LARGE: 'Send at most 64 KiB.',
  UNSUPPORTED_MEDIA_TYPE: 'Send JSON, and say so in `Content-Type`.',
  PASSWORD_REJECTED: 'Choose another; `errors` holds every reason.',
  ROLE_UNKNOWN: 'Define the role first.',
  RATE_LIMITED: 'Wait as long as `Retry-After` says.',
  INTERNAL_ERROR: 'Look for `requestId` in the log.',
  CLIENT_INVALID: 'Check id and secret of the service client, and that it is not disabled.',
  SCOPE_MISSING: 'Give the service client the scope.',
  SCOPE_INVALID: 'Ask for scopes the service client has.',
  GRANT_UNSUPPORTED: 'Use `client_credentials`.',
  STREAM_EXISTS: 'The service client has an event stream. Change it, or remove it first.',
  CURSOR_GONE: 'Read the snapshot, then go on with its cursor. Verifiers do so by themselves.',
  REVOCATION_STATE_STALE:
    'A service has lost sight of the authority and will not guess. Try again in a moment; the token may be good.',
  UNAVAILABLE: 'Try again after `Retry-After`, with the same tokens. Nobody was signed out.',
}

/** Every code a caller can receive. */
export function errorsTable(): string {
  return markdownTable(
    ['code', 'status', 'title', 'what to do'],
    Object.entries(errorSpecs).map(([name, { status, title, publicCode }]) => [
      code(publicCode ?? name),
      String(status),
      title,
      advice[name as ErrorCode],
    ]),
  )
}
