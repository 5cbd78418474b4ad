import type { Revocation } from '../model/revocation.ts'

interface Part {
  readonly from: string
  readonly entries: readonly Revocation[]
}

/** How many entries are kept in memory for readers that are a little behind. */
const maxEntries = 20_000

/** The newest entries, by the place a reader has come to. */
export class RecentParts {
  readonly #parts: Part[] = []
  #count = 0

  /** @param from The place before the entries. */
  add(from: string, entries: readonly Revocation[]): void {
    this.#parts.push({ from, entries })
    this.#count += entries.length
    while (this.#count > maxEntries) this.#count -= this.#parts.shift()?.entries.length ?? 0
  }

  /** Everything after a place; `null` when that is not known here. */
  after(cursor: string): readonly Revocation[] | null {
    const index = this.#parts.findIndex(({ from }) => from === cursor)
    return index < 0 ? null : this.#parts.slice(index).flatMap(({ entries }) => entries)
  }

  clear(): void {
    this.#parts.length = 0
    this.#count = 0
  }
}
