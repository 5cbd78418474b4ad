import { unavailable } from './unavailable.ts'

/** Lets a number of callers through at a time, in the order they came. */
export class Turns {
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(atATime: number) {
    this.#free = atATime
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** @throws {AuthError} `UNAVAILABLE` when the turn does not come within `patienceMs`, if given. */
  async take(patienceMs?: number): Promise<void> {
    if (this.#free === 0) await this.#wait(patienceMs)
    else this.#free -= 1
  }

  pass(): void {
    // A Set keeps the order in which its members came.
    const [next] = this.#waiting
    if (next) next()
    else this.#free += 1
  }

  #wait(patienceMs: number | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const next = () => {
        this.#waiting.delete(next)
        clearTimeout(timer)
        resolve()
      }
      const giveUp = () => {
        this.#waiting.delete(next)
        reject(unavailable('too many wait for the database', 1))
      }
      const timer = patienceMs === undefined ? undefined : setTimeout(giveUp, patienceMs)
      this.#waiting.add(next)
    })
  }
}
