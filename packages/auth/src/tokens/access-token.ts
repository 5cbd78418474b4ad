import { toBase64Url } from '../base/encoding.ts'
import type { EpochSeconds } from '../base/time.ts'
import type { KeyRing } from '../keys/key-ring.ts'
import type { Session } from '../model/session.ts'
import type { User } from '../model/user.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Random } from '../ports/random.ts'
import { type Claims, signJwt } from './sign-jwt.ts'

/** `client_id` of tokens for sessions that were started with the authority itself. */
const ownClientId = 'countersign'

/**
 * 6 KiB. With its header name a longer token meets the header limits of proxies (8 KiB).
 *
 * @exportedForTest
 */
export const maxTokenLength = 6144

/** An access token as the answer to a sign-in or refresh carries it. */
export interface IssuedAccessToken {
  readonly accessToken: string
  /** Lifetime in seconds. */
  readonly expiresIn: number
  readonly expiresAt: EpochSeconds
}

/** What issuing a token works with. */
export interface IssueDeps {
  readonly clock: Clock
  readonly random: Random
  readonly keys: Pick<KeyRing, 'signer'>
  readonly log: Logger
  readonly settings: {
    readonly issuer: string
    readonly audience: string
    readonly accessTokenSeconds: number
  }
}

interface IssueInput {
  readonly user: Pick<User, 'id' | 'roles' | 'tokenVersion' | 'rolesVersion'>
  readonly session: Pick<Session, 'id' | 'userId' | 'createdAt' | 'expiresAt' | 'authMethods'>
  /** What the user's roles allow. */
  readonly permissions: readonly string[]
  /** Where a status list tells of this token; `null` when there are none. */
  readonly status?: StatusReference | null
}

/** The `status_list` of a token's `status` claim (draft-ietf-oauth-status-list §6.1). */
export interface StatusReference {
  readonly idx: number
  readonly uri: string
}

/**
 * Issues the access token of a session (RFC 9068): no e-mail address, no name. It expires with
 * the session at the latest.
 *
 * A token longer than {@link maxTokenLength} is issued without `permissions`, then without
 * `roles`, and the fact is logged: its bearer can do less, never more.
 *
 * Does not check that user and session are active; the sign-in or refresh has done so.
 *
 * @throws {AuthError} `UNAVAILABLE` when there is no key to sign with.
 * @throws {TypeError} The session is another user's.
 */
export function issueAccessToken(
  { clock, random, keys, log, settings }: IssueDeps,
  { user, session, permissions, status = null }: IssueInput,
): IssuedAccessToken {
  if (session.userId !== user.id) throw new TypeError('The session is of another user.')
  const issuedAt = clock.now()
  const expiresAt = Math.min(issuedAt + settings.accessTokenSeconds, session.expiresAt)
  const claims: Claims = {
    iss: settings.issuer,
    sub: user.id,
    aud: settings.audience,
    exp: expiresAt,
    iat: issuedAt,
    jti: toBase64Url(random.bytes(16)),
    client_id: ownClientId,
    sid: session.id,
    tv: user.tokenVersion,
    rv: user.rolesVersion,
    roles: user.roles,
    permissions,
    // A session starts when its user has proved who they are.
    auth_time: session.createdAt,
    amr: session.authMethods,
    ...(status && { status: { status_list: status } }),
  }
  const accessToken = signWithinLimit({ keys, log }, claims)
  return { accessToken, expiresIn: expiresAt - issuedAt, expiresAt }
}

function signWithinLimit({ keys, log }: Pick<IssueDeps, 'keys' | 'log'>, claims: Claims): string {
  const signer = keys.signer()
  const token = signJwt(signer, 'at+jwt', claims)
  if (token.length <= maxTokenLength) return token

  // JSON leaves out what is undefined.
  const shorterClaims = { ...claims, permissions: undefined }
  const shorter = signJwt(signer, 'at+jwt', shorterClaims)
  const isEnough = shorter.length <= maxTokenLength
  const leftOut = isEnough ? ['permissions'] : ['permissions', 'roles']
  log.error(
    { sub: claims.sub, length: token.length, leftOut },
    'An access token is too long. Give its user fewer roles, or the roles fewer permissions.',
  )
  return isEnough ? shorter : signJwt(signer, 'at+jwt', { ...shorterClaims, roles: undefined })
}
