/** What became of one presented token. `refused`: no change, and nobody is accused. */
export type PolicyOutcome = 'rotated' | 'replayed' | 'superseded' | 'reused' | 'refused'

/** A token that somebody presents. */
export interface Presentation {
  /** Its name: the generation and a letter, as in `2a`. */
  readonly token: string
  readonly key: string | undefined
  /** Seconds since the session started. */
  readonly now: number
}

/** What a policy answers, and the record it wants to leave. */
export interface Verdict {
  readonly outcome: PolicyOutcome
  readonly row: string
  /** Given for `rotated` and `replayed`. */
  readonly token?: string
}

/**
 * A way to answer refresh requests, as the search sees it: pure, with its record as text so
 * that equal states are equal strings.
 */
export interface Policy {
  readonly name: string
  /** The record of a session just started, and its first token. */
  start(): { row: string; token: string }
  refresh(row: string, presentation: Presentation): Verdict
  /** The record after the session has ended. */
  end(row: string): string
  isAlive(row: string): boolean
  /**
   * What a request that read `read` leaves when the record is now `current`. `null`: it lost
   * a race and must read again.
   */
  commit(input: { read: string; current: string; verdict: Verdict }): string | null
}

/** Repeats without a key are retries for this long, in every policy that has a window. */
export const windowSeconds = 60

/** As the stores do it: a rotation needs the record it read, an end needs a live session. */
export function compareAndSwap(policy: Pick<Policy, 'end' | 'isAlive'>): Policy['commit'] {
  return ({ read, current, verdict }) => {
    if (read === current) return verdict.row
    if (verdict.outcome === 'rotated') return null
    if (verdict.outcome !== 'reused') return current
    return policy.isAlive(current) ? policy.end(current) : null
  }
}

/** The generation that a token's name begins with. */
export function generationOf(token: string): number {
  return Number.parseInt(token, 10)
}

/** The next free name for a token: `2a`, then `2b`. */
export function newName(generation: number, taken: readonly string[]): string {
  const siblings = taken.filter((name) => generationOf(name) === generation)
  return `${generation}${String.fromCharCode('a'.charCodeAt(0) + siblings.length)}`
}

/** Remembers the verdicts of a pure policy. */
export function memoized(policy: Policy): Policy {
  const verdicts = new Map<string, Verdict>()
  return {
    ...policy,
    refresh(row, presentation) {
      const { token, key, now } = presentation
      const question = `${row}|${token}|${key}|${now}`
      const known = verdicts.get(question)
      if (known) return known
      const verdict = policy.refresh(row, presentation)
      verdicts.set(question, verdict)
      return verdict
    },
  }
}
