import type { Algorithm } from '../keys/key-source.ts'
import { decodeBase64Url } from './base64url.ts'
import { type JsonObject, parseJsonObject } from './json-object.ts'
import { TokenError } from './token-error.ts'

/** What a token says of itself before anything is known about it. Untrusted. */
export interface TokenHeader {
  readonly algorithm: Algorithm
  readonly kid: string | undefined
}

/** What the header of a token is held to. */
export interface HeaderRules {
  /** What `typ` must mean, by {@link toMediaType}. `null`: it is not looked at. */
  readonly mediaType: string | null
  /** Only `alg`, `kid` and `typ`, as in our own tokens; otherwise more members are passed over. */
  readonly isClosed: boolean
}

const maxHeaderLength = 2048

const algorithms: ReadonlyMap<unknown, Algorithm> = new Map([
  ['ES256', 'ES256'],
  ['EdDSA', 'EdDSA'],
  // RFC 9864 §2.2: the same algorithm, fully specified.
  ['Ed25519', 'EdDSA'],
  ['RS256', 'RS256'],
  ['PS256', 'PS256'],
  ['HS256', 'HS256'],
])

/**
 * Reads the first part of a token. `jwk`, `jku`, `x5u` and `x5c` are never followed.
 *
 * @throws {TokenError} `TOKEN_INVALID`
 * @see RFC 7515 §4.1, RFC 9068 §4, RFC 8725 §3.11
 */
export function readHeader(text: string, rules: HeaderRules): TokenHeader {
  if (text.length > maxHeaderLength) throw new TokenError('TOKEN_INVALID', 'header too long')
  const bytes = decodeBase64Url(text)
  if (!bytes) throw new TokenError('TOKEN_INVALID', 'header not base64url')
  const header = parseJsonObject(bytes)
  refuseExtensions(header, rules)
  refuseOtherTypes(header, rules)
  const algorithm = algorithms.get(header.alg)
  if (!algorithm) throw new TokenError('TOKEN_INVALID', 'algorithm not offered')
  const kid = readKeyId(header)
  // A shared secret has no name.
  const needsKeyId = rules.isClosed && algorithm !== 'HS256'
  if (needsKeyId && kid === undefined) throw new TokenError('TOKEN_INVALID', 'kid is missing')
  return { algorithm, kid }
}

function refuseExtensions(header: JsonObject, rules: HeaderRules): void {
  // `crit` names extensions that must be understood, and none is. `b64` is one (RFC 7797 §6).
  if ('crit' in header || 'b64' in header) throw new TokenError('TOKEN_INVALID', 'header extension')
  const isOurs = (name: string) => name === 'alg' || name === 'kid' || name === 'typ'
  if (rules.isClosed && !Object.keys(header).every(isOurs)) {
    throw new TokenError('TOKEN_INVALID', 'unknown header member')
  }
}

function refuseOtherTypes({ typ }: JsonObject, rules: HeaderRules): void {
  if (rules.mediaType === null) return
  if (typeof typ !== 'string' || toMediaType(typ) !== rules.mediaType) {
    throw new TokenError('TOKEN_INVALID', 'of another type')
  }
}

/** Media types have no case, and `application/` may be left out (RFC 7515 §4.1.9). */
export function toMediaType(typ: string): string {
  const type = typ.toLowerCase()
  return type.includes('/') ? type : `application/${type}`
}

function readKeyId({ kid }: JsonObject): string | undefined {
  if (kid === undefined) return undefined
  if (typeof kid === 'string' && kid !== '' && kid.isWellFormed()) return kid
  throw new TokenError('TOKEN_INVALID', 'kid has a wrong type')
}
