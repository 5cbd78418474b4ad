import { secondsPerHour, secondsPerMinute } from '../base/time.ts'
import type { KeyRing } from '../keys/key-ring.ts'
import type { Session } from '../model/session.ts'
import type { User } from '../model/user.ts'
import type { Clock } from '../ports/clock.ts'
import type { StatusReference } from '../tokens/access-token.ts'
import { signJwt } from '../tokens/sign-jwt.ts'
import { listCount, listSize, type StatusDeps, statusIndexOf } from './status-index.ts'
import { encodeStatusList } from './status-list.ts'

/** How long a list is good for whoever has fetched it, in seconds: `ttl`. */
const statusTtlSeconds = 15

/** After this nobody may rely on a list any more: `exp`. */
const lifetimeSeconds = 5 * secondsPerMinute

/** The longest an access token may live, whatever the option says now, and a minute. */
const longestTokenSeconds = secondsPerHour + secondsPerMinute

/** INVALID (draft-ietf-oauth-status-list §7.1). VALID is 0: what nobody wrote. */
const invalid = 1

export interface StatusListsDeps extends StatusDeps {
  readonly clock: Clock
  readonly keys: Pick<KeyRing, 'signer'>
  readonly settings: { readonly issuer: string; readonly basePath: string }
}

/** A list as it was signed. */
export interface SignedStatusList {
  /** A compact JWS of the type `statuslist+jwt`. */
  readonly token: string
  readonly secondsLeft: number
}

/** A list that is being signed or is. */
interface BuiltList {
  readonly at: number
  readonly token: Promise<string>
}

/**
 * The ledger for whoever reads Token Status Lists: which sessions' tokens are dead, in lists that
 * are signed anew every {@link statusTtlSeconds} when somebody asks. A list says nothing of keys
 * that were revoked, nor of service clients' tokens.
 */
export class StatusLists {
  readonly #deps: StatusListsDeps
  readonly #built = new Map<number, BuiltList>()

  constructor(deps: StatusListsDeps) {
    this.#deps = deps
  }

  /** What a token of a session says of where its status is. */
  async referenceFor({
    session,
    user,
  }: {
    readonly session: Pick<Session, 'id' | 'maxExpiresAt'>
    readonly user: Pick<User, 'tokenVersion' | 'rolesVersion'>
  }): Promise<StatusReference> {
    const { tokenVersion, rolesVersion } = user
    const subject = { sessionId: session.id, tokenVersion, rolesVersion }
    const until = session.maxExpiresAt + longestTokenSeconds
    const index = await statusIndexOf(this.#deps, subject, until)
    return { idx: index % listSize, uri: this.#uriOf(Math.floor(index / listSize)) }
  }

  /** Where every list is (draft-ietf-oauth-status-list §9). */
  async uris(): Promise<string[]> {
    const lists = await listCount(this.#deps.stores)
    return Array.from({ length: lists }, (_, list) => this.#uriOf(list))
  }

  /** @returns `null` when there is no such list. */
  async signed(list: number): Promise<SignedStatusList | null> {
    const now = this.#deps.clock.now()
    const isThere = this.#fresh(list, now) || list < (await listCount(this.#deps.stores))
    if (!isThere) return null
    // Looked at once more: who came meanwhile has begun one, and everybody waits for that.
    const { at, token } = this.#fresh(list, now) ?? this.#begin(list, now)
    return { token: await token, secondsLeft: statusTtlSeconds - (now - at) }
  }

  #fresh(list: number, now: number): BuiltList | null {
    const known = this.#built.get(list)
    const age = known ? now - known.at : statusTtlSeconds
    return known && age >= 0 && age < statusTtlSeconds ? known : null
  }

  #begin(list: number, now: number): BuiltList {
    const token = this.#build(list, now)
    const begun = { at: now, token }
    this.#built.set(list, begun)
    token.catch(() => this.#built.delete(list))
    return begun
  }

  async #build(list: number, now: number): Promise<string> {
    const { keys, stores } = this.#deps
    const from = list * listSize
    const dead = await stores.statuses.deadBetween(from, from + listSize)
    const statuses = dead.map((index) => [index - from, invalid] as const)
    return signJwt(keys.signer(), 'statuslist+jwt', {
      sub: this.#uriOf(list),
      iat: now,
      exp: now + lifetimeSeconds,
      ttl: statusTtlSeconds,
      status_list: encodeStatusList(statuses, { bits: 1, size: listSize }),
    })
  }

  #uriOf(list: number): string {
    const { issuer, basePath } = this.#deps.settings
    return `${issuer}${basePath}/status-lists/${list}`
  }
}
