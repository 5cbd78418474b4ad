import type { AccessToken } from './access-token.ts'
import type { JsonObject } from './json-object.ts'
import { TokenError } from './token-error.ts'

// The year 2286. A time above is meant in milliseconds.
const maxTime = 9_999_999_999

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
  checkTypes(payload)
  if (!hasClaims(payload, demanded) || !hasClaims(payload, required)) {
    throw new TokenError('TOKEN_INVALID', 'a claim is missing')
  }
  if ('cnf' in payload) throw new TokenError('TOKEN_INVALID', 'bound to a key')
  return payload as AccessToken
}

// One type each, for whoever issued the token. Written out, and no list to go through: claims
// that are read by a name in the code are found twice as fast.
function checkTypes(payload: JsonObject): void {
  checkType('iss', payload.iss, isText)
  checkType('sub', payload.sub, isText)
  checkType('aud', payload.aud, isAudience)
  checkType('exp', payload.exp, isTime)
  checkType('iat', payload.iat, isTime)
  checkType('jti', payload.jti, isText)
  checkType('nbf', payload.nbf, isTime)
  checkType('client_id', payload.client_id, isText)
  checkType('sid', payload.sid, isText)
  checkType('tv', payload.tv, isCount)
  checkType('rv', payload.rv, isCount)
  checkType('roles', payload.roles, isTextList)
  checkType('permissions', payload.permissions, isTextList)
  checkType('scope', payload.scope, isWellFormedString)
  checkType('auth_time', payload.auth_time, isTime)
  checkType('amr', payload.amr, isTextList)
  checkType('acr', payload.acr, isText)
}

/** `null` is a wrong type, not an absence. */
function checkType(claim: string, value: unknown, isOfType: (value: unknown) => boolean): void {
  if (value !== undefined && !isOfType(value)) {
    throw new TokenError('TOKEN_INVALID', `${claim} has a wrong type`)
  }
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
