import type { KeyHash } from './key-hash.ts'

// Three words of the hash, one of the floor.
const wordsPerEntry = 4
const smallest = 1024
/** Of full places; above it the table doubles. */
const maxLoad = 0.6

/**
 * Floors by hashed key: open addressing over one typed array, 16 bytes a place. Floors only
 * rise, and nothing is removed: a table is dropped as a whole when all in it has expired.
 */
export class FloorTable {
  #words: Uint32Array = new Uint32Array(smallest * wordsPerEntry)
  #mask = smallest - 1
  #size = 0
  #expiresAt = 0

  get size(): number {
    return this.#size
  }

  get bytes(): number {
    return this.#words.byteLength
  }

  /** When the last of its entries expires; seconds since 1970. */
  get expiresAt(): number {
    return this.#expiresAt
  }

  /** The floor of a key, 0 without. */
  find(hash: KeyHash): number {
    return this.#words[this.#placeOf(this.#words, this.#mask, hash) + 3] ?? 0
  }

  /** @param floor At least 1. */
  raise(hash: KeyHash, floor: number, expiresAt: number): void {
    if (this.#size >= maxLoad * (this.#mask + 1)) this.#grow()
    const place = this.#placeOf(this.#words, this.#mask, hash)
    const current = this.#words[place + 3] ?? 0
    if (current === 0) {
      this.#words.set(hash, place)
      this.#size++
    }
    if (floor > current) this.#words[place + 3] = floor
    if (expiresAt > this.#expiresAt) this.#expiresAt = expiresAt
  }

  /** Where a hash is, or the empty place where it would be. There always is one. */
  #placeOf(words: Uint32Array, mask: number, hash: KeyHash): number {
    const a = hash[0] ?? 0
    for (let index = a & mask; ; index = (index + 1) & mask) {
      const place = index * wordsPerEntry
      if (words[place + 3] === 0) return place
      if (words[place] !== a) continue
      if (words[place + 1] === hash[1] && words[place + 2] === hash[2]) return place
    }
  }

  #grow(): void {
    const mask = this.#mask * 2 + 1
    const words = new Uint32Array((mask + 1) * wordsPerEntry)
    for (let place = 0; place < this.#words.length; place += wordsPerEntry) {
      if (this.#words[place + 3] === 0) continue
      const entry = this.#words.subarray(place, place + wordsPerEntry)
      words.set(entry, this.#placeOf(words, mask, entry))
    }
    this.#words = words
    this.#mask = mask
  }
}
