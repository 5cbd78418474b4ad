interface Answer {
  readonly askedAt: number
  readonly isActive: Promise<boolean>
}

const keptMs = 1000
const maxAnswers = 10_000

/**
 * Remembers answers of the introspection endpoint for a second. Of any number of callers who ask
 * for one token at once, one goes out.
 */
export class IntrospectionCache {
  readonly #ask: (token: string) => Promise<boolean>
  readonly #now: () => number
  readonly #answers = new Map<string, Answer>()

  /** @param now Monotonic, in milliseconds. */
  constructor(ask: (token: string) => Promise<boolean>, now: () => number) {
    this.#ask = ask
    this.#now = now
  }

  isActive(token: string): Promise<boolean> {
    const now = this.#now()
    const known = this.#answers.get(token)
    // From when it was asked: the answer may have been on its way for a while.
    if (known && now - known.askedAt <= keptMs) return known.isActive
    this.#forget(now)
    const isActive = this.#ask(token)
    this.#answers.set(token, { askedAt: now, isActive })
    // A failure is for those who wait now, and not for those who come.
    isActive.catch(() => this.#answers.delete(token))
    return isActive
  }

  /** Oldest first, as a map keeps them. */
  #forget(now: number): void {
    for (const [token, { askedAt }] of this.#answers) {
      if (now - askedAt <= keptMs && this.#answers.size < maxAnswers) return
      this.#answers.delete(token)
    }
  }
}
