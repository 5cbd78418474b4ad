import type { Revocation } from './revocation.ts'

/** 96 bits, in three words. */
export type KeyHash = Uint32Array

const kindNumbers: Readonly<Record<Revocation['kind'], number>> = {
  session: 1,
  user: 2,
  role: 3,
  client: 4,
  key: 5,
}

/**
 * Hashes a kind and a key to 96 bits, under a seed that nobody outside knows: keys cannot be
 * chosen to collide. Two keys of 10 million share a hash with a chance of 10^-15; the one that
 * is alive would then be refused, never the one that is dead accepted.
 *
 * Not cryptographic: hashes must not be shown.
 */
export class KeyHasher {
  readonly #seed: Uint32Array
  readonly #hash: KeyHash = new Uint32Array(3)

  /** @param seed Three random words. */
  constructor(seed: Uint32Array) {
    this.#seed = seed
  }

  /** @returns Of this call until the next one. */
  hash(kind: Revocation['kind'], key: string): KeyHash {
    const number = kindNumbers[kind]
    let a = (this.#seed[0] ?? 0) ^ number
    let b = (this.#seed[1] ?? 0) ^ key.length
    let c = (this.#seed[2] ?? 0) ^ Math.imul(number, 0x9e_37_79_b1)
    // Two characters a step. Each lane multiplies by an odd number of its own and turns: no two
    // lose the same bits. Beyond the end there is NaN, which counts as zero; the length is in.
    for (let index = 0; index < key.length; index += 2) {
      const word = key.charCodeAt(index) | (key.charCodeAt(index + 1) << 16)
      a = Math.imul(a ^ word, 0x85_eb_ca_6b)
      b = Math.imul(b ^ word, 0xc2_b2_ae_35)
      c = Math.imul(c ^ word, 0x27_d4_eb_2f)
      a = (a << 13) | (a >>> 19)
      b = (b << 17) | (b >>> 15)
      c = (c << 11) | (c >>> 21)
    }
    this.#hash[0] = finish(a ^ (b >>> 7))
    this.#hash[1] = finish(b ^ (c >>> 9))
    this.#hash[2] = finish(c ^ a)
    return this.#hash
  }
}

// The finaliser of MurmurHash3: every bit in changes half of the bits out.
function finish(word: number): number {
  let mixed = word ^ (word >>> 16)
  mixed = Math.imul(mixed, 0x85_eb_ca_6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2_b2_ae_35)
  return mixed ^ (mixed >>> 16)
}
