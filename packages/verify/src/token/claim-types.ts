import type { AccessToken } from './access-token.ts'
import type { JsonObject } from './json-object.ts'
import { TokenError } from './token-error.ts'

// The year 2286. A time above is meant in milliseconds.
const maxTime = 9_999_999_999

// One type each, for whoever issued the token. `null` is a wrong type, not an absence.
const types: readonly (readonly [claim: string, isOfType: (value: unknown) => boolean])[] = [
  ['iss', isText],
  ['sub', isText],
  ['aud', isAudience],
  ['exp', isTime],
  ['iat', isTime],
  ['jti', isText],
  ['nbf', isTime],
  ['client_id', isText],
  ['sid', isText],
  ['tv', isCount],
  ['roles', isTextList],
  ['permissions', isTextList],
  ['scope', isWellFormedString],
  ['auth_time', isTime],
  ['amr', isTextList],
  ['acr', isText],
]

/** Every access token has these (RFC 9068 §2.2). `jti` is a matter of options. */
const demanded = ['iss', 'sub', 'aud', 'exp', 'iat'] as const

/**
 * Checks that every registered claim has its type, and that none is missing. Does not judge
 * the values.
 *
 * A token bound to a key (`cnf`) is refused: possession of that key is not checked here.
 *
 * @param required Claims to demand besides `iss`, `sub`, `aud`, `exp` and `iat`.
 * @throws {TokenError} `TOKEN_INVALID`
 * @see RFC 7519 §4.1, RFC 7800 §3.1
 */
export function readClaims(payload: JsonObject, required: readonly string[]): AccessToken {
  for (const [claim, isOfType] of types) {
    const value = payload[claim]
    if (value !== undefined && !isOfType(value)) {
      throw new TokenError('TOKEN_INVALID', `${claim} has a wrong type`)
    }
  }
  if (!hasClaims(payload, demanded) || !hasClaims(payload, required)) {
    throw new TokenError('TOKEN_INVALID', 'a claim is missing')
  }
  if ('cnf' in payload) throw new TokenError('TOKEN_INVALID', 'bound to a key')
  return payload as AccessToken
}

function hasClaims(payload: JsonObject, claims: readonly string[]): boolean {
  return claims.every((claim) => payload[claim] !== undefined)
}

function isWellFormedString(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed()
}

function isText(value: unknown): boolean {
  return isWellFormedString(value) && value !== ''
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText)
}

function isAudience(value: unknown): boolean {
  return isText(value) || (isTextList(value) && (value as readonly string[]).length > 0)
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** Whole seconds since 1970. */
function isTime(value: unknown): boolean {
  return isCount(value) && (value as number) <= maxTime
}
