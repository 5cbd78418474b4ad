import type { TokenHeader } from './header.ts'

// One for each key. More only come from issuers whose headers hold something unique.
const maxHeaders = 100

/**
 * Remembers how headers read, by their text: an issuer writes the same one into all tokens
 * of a key. Bounded: when it is full, it starts anew.
 */
export class HeaderCache {
  readonly #headers: Map<string, TokenHeader> = new Map()

  find(text: string): TokenHeader | null {
    return this.#headers.get(text) ?? null
  }

  /** For headers of genuine tokens only, so that forged ones cannot push others out. */
  add(text: string, header: TokenHeader): void {
    if (this.#headers.has(text)) return
    if (this.#headers.size >= maxHeaders) this.#headers.clear()
    this.#headers.set(text, header)
  }
}
