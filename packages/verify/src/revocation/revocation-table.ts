import { FloorTable } from './floor-table.ts'
import { type KeyHash, KeyHasher } from './key-hash.ts'
import type { RevocableToken } from './revocable-token.ts'
import type { Revocation } from './revocation.ts'

/** Above every version a token can carry: of what is dead for good. */
const dead = 0xff_ff_ff_ff

/**
 * Which tokens are revoked. Reads no clock.
 *
 * Two generations: what is added goes to the newer one. When all of the older one has expired,
 * it is dropped and the newer one takes its place: an entry stays at most twice as long as it
 * is needed, and none leaves before its time.
 */
export class RevocationTable {
  readonly #hasher: KeyHasher
  #newer = new FloorTable()
  #older = new FloorTable()
  /** Most tokens are looked up in two kinds, as of the others nothing is ever revoked. */
  readonly #kinds = new Set<Revocation['kind']>()

  /** @param seed Three random words, which nobody outside must know. */
  constructor(seed: Uint32Array) {
    this.#hasher = new KeyHasher(seed)
  }

  /** Of live keys at least; some that have expired may be among them. */
  get size(): number {
    return this.#newer.size + this.#older.size
  }

  get bytes(): number {
    return this.#newer.bytes + this.#older.bytes
  }

  /** @param now Seconds since 1970. What has expired by then is passed over. */
  add({ kind, key, floor, expiresAt }: Revocation, now: number): void {
    if (expiresAt <= now) return
    if (this.#older.expiresAt <= now) this.#turn()
    this.#kinds.add(kind)
    const isForGood = kind === 'session' || kind === 'key'
    const hash = this.#hasher.hash(kind, key)
    this.#newer.raise(hash, isForGood ? dead : floor, expiresAt)
  }

  /** @param kid Of the header of the token. */
  isRevoked(token: RevocableToken, kid: string | undefined): boolean {
    if (this.size === 0) return false
    const { sub, sid, client_id: clientId } = token
    const tv = versionOf(token.tv)
    return (
      (sid !== undefined && this.#isBelow('session', sid, 0)) ||
      this.#isBelow('user', sub, tv) ||
      (clientId !== undefined && this.#isBelow('client', clientId, tv)) ||
      (kid !== undefined && this.#isBelow('key', kid, 0)) ||
      (this.#kinds.has('role') && this.#isAnyRoleBelow(token.roles, versionOf(token.rv)))
    )
  }

  #isAnyRoleBelow(roles: unknown, version: number): boolean {
    return (
      Array.isArray(roles) &&
      roles.some((role) => typeof role === 'string' && this.#isBelow('role', role, version))
    )
  }

  #isBelow(kind: Revocation['kind'], key: string, version: number): boolean {
    if (!this.#kinds.has(kind)) return false
    const floor = this.#floorOf(this.#hasher.hash(kind, key))
    return floor > 0 && version < floor
  }

  /** 0: there is none. */
  #floorOf(hash: KeyHash): number {
    return Math.max(this.#newer.find(hash), this.#older.find(hash))
  }

  #turn(): void {
    if (this.#newer.size === 0) return
    this.#older = this.#newer
    this.#newer = new FloorTable()
  }
}

// A token without the number is below every floor there is for it.
function versionOf(claim: unknown): number {
  return Number.isSafeInteger(claim) ? (claim as number) : -1
}
