import type { Revocation } from '../revocation/revocation.ts'
import type { AccessToken } from '../token/access-token.ts'
import { type Clock, systemClock } from '../token/clock.ts'
import { TokenError } from '../token/token-error.ts'
import type { Verifier } from '../token/verifier.ts'

/** Why a connection may not go on. */
export type EndReason = 'TOKEN_EXPIRED' | 'TOKEN_REVOKED'

/** The token of a connection that outlives the request it began with. */
export interface TokenWatch {
  /** The token that counts now. */
  readonly token: AccessToken
  /**
   * Goes on with another token.
   *
   * @throws {TokenError} It is not good, or is of another user (`sub`).
   * @throws {RevocationStaleError} That cannot be told now; the old one still counts.
   */
  renew(token: string): Promise<AccessToken>
  /** To be called when the connection has closed. */
  stop(): void
}

// The longest a timer of Node's takes.
const longestTimerMs = 2 ** 31 - 1

/**
 * Watches a verified token and calls `onEnd`, once, when it expires or is revoked. It is told
 * of a revocation as soon as the verifier's copy of the ledger has it; without one, of expiry
 * alone. Keeps no process alive.
 *
 * @param clock Default: the system's.
 */
export function watchToken(
  verifier: Verifier,
  token: AccessToken,
  onEnd: (reason: EndReason) => void,
  clock: Clock = systemClock,
): TokenWatch {
  let current = token
  let timer: ReturnType<typeof setTimeout> | undefined
  let isOver = false

  const stop = () => {
    isOver = true
    clearTimeout(timer)
    unlisten?.()
  }
  const end = (reason: EndReason) => {
    if (isOver) return
    stop()
    onEnd(reason)
  }
  const awaitExpiry = () => {
    clearTimeout(timer)
    const leftMs = (current.exp - clock.now()) * 1000
    if (leftMs <= 0) {
      end('TOKEN_EXPIRED')
      return
    }
    timer = setTimeout(awaitExpiry, Math.min(leftMs, longestTimerMs))
    timer.unref()
  }
  const unlisten = verifier.revocation?.on('revoked', (entry) => {
    if (revokes(entry, current)) end('TOKEN_REVOKED')
  })
  // Revoked between its verification and here.
  if (verifier.revocation?.isRevoked(token, undefined)) queueMicrotask(() => end('TOKEN_REVOKED'))
  awaitExpiry()

  return {
    get token() {
      return current
    },
    async renew(text) {
      const next = await verifier.verify(text)
      requireSameUser(next, current)
      current = next
      if (!isOver) awaitExpiry()
      return next
    },
    stop,
  }
}

function requireSameUser(next: AccessToken, { sub }: AccessToken): void {
  if (next.sub !== sub) throw new TokenError('TOKEN_INVALID', 'of another user')
}

/**
 * Whether one entry revokes a token. Claims do not say which key signed them: when a key is
 * revoked, every connection ends, and those whose token is good come back.
 */
function revokes({ kind, key, floor }: Revocation, token: AccessToken): boolean {
  const { sub, sid, client_id: clientId, tv = -1, rv = -1, roles = [] } = token
  if (kind === 'session') return sid === key
  if (kind === 'user') return sub === key && tv < floor
  if (kind === 'client') return clientId === key && tv < floor
  if (kind === 'role') return roles.includes(key) && rv < floor
  return true
}
