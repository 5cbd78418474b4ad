import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { AccessToken } from './access-token.ts'
import { type Clock, systemClock } from './clock.ts'
import { splitCompactJws } from './compact-jws.ts'
import { readHeader } from './header.ts'
import { type JsonObject, parseJsonObject } from './json-object.ts'
import { TokenError } from './token-error.ts'
import type { Verifier } from './verifier.ts'

/** What tokens of an application that moved here looked like, and how long they are taken. */
export interface OldTokensOptions {
  /** The secret they were signed with, HS256. Text counts as its UTF-8 bytes. */
  readonly secret: string | Uint8Array
  /**
   * From then on none is taken, whatever it says: the time of the move and the longest a token
   * lived. Seconds since 1970.
   */
  readonly until: number
  /**
   * Whose token it is, as the application knows users now. `null`: nobody's, and it is refused.
   * May look into a database. Its claims are as they were signed; no others were checked.
   */
  readonly subjectOf: (
    claims: Readonly<Record<string, unknown>>,
  ) => Promise<string | null> | string | null
  readonly clock?: Clock
}

/** Signed longer ago than this, a token without an expiry is refused. In seconds. */
const longestLife = 24 * 3600

/**
 * A verifier that also takes the HS256 tokens of the time before, until they expire: nobody has to
 * sign in again on the day of the move. They give a subject and nothing else: no roles, no
 * permissions, no session. They cannot be revoked, and are refused where the policy is `strict`.
 *
 * What has the type of our own tokens is never taken for an old one, whatever its algorithm.
 *
 * @throws {TypeError} An empty secret, or an `until` that is no time or more than 90 days ahead.
 */
export function acceptOldTokens(verifier: Verifier, options: OldTokensOptions): Verifier {
  const { clock = systemClock, until } = options
  const key = createSecretKey(Buffer.from(options.secret))
  if (key.symmetricKeySize === 0) throw new TypeError('secret must not be empty')
  if (!Number.isInteger(until) || until > clock.now() + 90 * 24 * 3600) {
    throw new TypeError('until must be a time in seconds, at most 90 days ahead')
  }
  const verify: Verifier['verify'] = async (token, use) =>
    clock.now() < until && use?.policy !== 'strict' && isOld(token)
      ? await verifyOld(token, { key, now: clock.now(), options })
      : await verifier.verify(token, use)
  return Object.freeze({
    verify,
    verifyNow: (token: string, use?: Parameters<Verifier['verify']>[1]) =>
      isOld(token) ? verify(token, use) : verifier.verifyNow(token, use),
    revocation: verifier.revocation,
  })
}

/** jsonwebtoken writes `JWT` as the type; ours say `at+jwt` (RFC 9068 §2.1). */
function isOld(token: string): boolean {
  try {
    const { header } = splitCompactJws(token)
    const rules = { mediaType: 'application/jwt', isClosed: true }
    return readHeader(header, rules).algorithm === 'HS256'
  } catch {
    return false
  }
}

async function verifyOld(
  token: string,
  input: { readonly key: KeyObject; readonly now: number; readonly options: OldTokensOptions },
): Promise<AccessToken> {
  const { key, now, options } = input
  const { payload, signature, signedData } = splitCompactJws(token)
  const expected = createHmac('sha256', key).update(signedData).digest()
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new TokenError('TOKEN_INVALID', 'an old token with a wrong signature')
  }
  const claims = parseJsonObject(payload)
  const times = readTimes(claims)
  const subject = await options.subjectOf(claims)
  if (subject === null) throw new TokenError('TOKEN_INVALID', 'an old token of nobody')
  if (now >= times.exp) throw new TokenError('TOKEN_EXPIRED', 'an old token')
  return Object.freeze({ iss: '', sub: subject, aud: '', ...times })
}

function readTimes({ exp, iat, nbf }: JsonObject): { exp: number; iat: number } {
  const isTime = (value: unknown): value is number => typeof value === 'number' && value > 0
  if (!isTime(iat) || nbf !== undefined)
    throw new TokenError('TOKEN_INVALID', 'times of an old token')
  if (exp === undefined) return { iat, exp: iat + longestLife }
  if (!isTime(exp)) throw new TokenError('TOKEN_INVALID', 'times of an old token')
  return { iat, exp }
}
