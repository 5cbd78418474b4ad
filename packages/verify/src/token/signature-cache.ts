import type { AccessToken } from './access-token.ts'

/** A token whose signature is good. */
export interface GenuineToken {
  readonly claims: AccessToken
  /** Of its header. */
  readonly kid: string | undefined
}

interface Entry extends GenuineToken {
  readonly token: string
}

// Enough of the signature to tell tokens apart, little enough to hash quickly.
const slotLength = 24

/**
 * Remembers tokens whose signature has been found good, and their claims. It holds no
 * decision: whether a token is good now is judged at each use.
 *
 * A token is looked up by the end of its signature and then compared as a whole, so no token
 * gets the claims of another.
 *
 * Bounded: two generations of half the size. What is used moves to the newer one; when that
 * is full, the older one is dropped.
 */
export class SignatureCache {
  readonly #generationSize: number
  #version = 0
  #newer: Map<string, Entry> = new Map()
  #older: Map<string, Entry> = new Map()

  /** @param size How many tokens at most. `0`: none. */
  constructor(size: number) {
    this.#generationSize = Math.floor(size / 2)
  }

  /**
   * A genuine token, or `null` when it is not known or has expired.
   *
   * @param version Of the key source. When it is another than before, nothing is known.
   */
  find(token: string, version: number, now: number): GenuineToken | null {
    if (version !== this.#version) this.#clear(version)
    const slot = slotOf(token)
    const recent = this.#newer.get(slot)
    const entry = recent ?? this.#older.get(slot)
    if (!entry || entry.token !== token) return null
    if (!(now < entry.claims.exp)) {
      this.#delete(slot)
      return null
    }
    if (!recent) this.#add(slot, entry)
    return entry
  }

  /** @param version The one at which the key was found. Another than now: nothing is added. */
  add(token: string, { claims, kid }: GenuineToken, version: number): void {
    if (version === this.#version) this.#add(slotOf(token), { token, claims, kid })
  }

  #add(slot: string, entry: Entry): void {
    if (this.#generationSize === 0) return
    if (this.#newer.size >= this.#generationSize) {
      this.#older = this.#newer
      this.#newer = new Map()
    }
    this.#newer.set(slot, entry)
  }

  #delete(slot: string): void {
    this.#newer.delete(slot)
    this.#older.delete(slot)
  }

  #clear(version: number): void {
    this.#version = version
    this.#newer = new Map()
    this.#older = new Map()
  }
}

function slotOf(token: string): string {
  return token.slice(-slotLength)
}
