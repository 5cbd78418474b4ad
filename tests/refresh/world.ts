import type { Policy } from './policy.ts'

/** Who may do what in a search. */
export interface Scenario {
  /**
   * The key a client sends: none, one per generation, or one made anew for every attempt
   * (which is a mistake, and the search shows it).
   */
  readonly keys: 'none' | 'per generation' | 'per attempt'
  /**
   * What a client does with an answer. `compare`: stores it only if the token it sent is
   * still the stored one. `overwrite`: stores whatever comes last, as a cookie jar does.
   */
  readonly storing: 'compare' | 'overwrite'
  /**
   * When more time than the replay window may pass: never, only while nothing is under way
   * (every repeat is prompt), or at any moment.
   */
  readonly time: 'stands' | 'passes at rest' | 'passes'
  /** How often it may pass. */
  readonly timeSteps: number
  /** The clock is set back by a day once, at any moment. */
  readonly clockSetBack?: true
  /**
   * Somebody copies the stored token once, and does as they like with it. Says when they
   * must be found out: as soon as both parties have presented a generation, or once they
   * did so further apart than the window.
   */
  readonly thief?: 'found at once' | 'found after the window'
  /** The owner logs out at some moment. */
  readonly logout?: true
  /** The server reads and commits in two steps, with others in between. */
  readonly serverSteps: 1 | 2
  /** Requests, and answers, on their way at the same time: tabs, retries and duplicates. */
  readonly inFlight: number
  /** Tokens from this generation on are not presented. */
  readonly generations: number
}

/** One request: on its way, or with the record that the server has read for it. */
export interface Request {
  readonly from: Party
  readonly token: string
  readonly key?: string
  readonly read?: string
}

interface Answer {
  readonly sent: string
  readonly token: string
}

export type Party = 'owner' | 'thief'

/** Everything that matters at one moment. */
export interface World {
  readonly row: string
  readonly now: number
  readonly stored: string
  readonly requests: readonly Request[]
  readonly answers: readonly Answer[]
  /** Tokens that the thief knows: none until the copy. */
  readonly thief: readonly string[]
  /** The thief was given a token by the server. */
  readonly thiefGained: boolean
  /** When each party first presented a token of a generation, in seconds. */
  readonly presented: Readonly<Partial<Record<`${Party} ${number}`, number>>>
  readonly timeSteps: number
  readonly isSetBack: boolean
}

/** Equal worlds, and only those, have equal identities. */
export function identityOf(world: World): string {
  const { requests, answers, thief, presented, ...rest } = world
  return [
    ...Object.values(rest),
    requests.map(textOf).join(),
    answers.map(textOf).join(),
    thief.join(),
    Object.entries(presented)
      .map((entry) => entry.join())
      .toSorted()
      .join(),
  ].join('|')
}

export function firstWorld(policy: Policy): World {
  const { row, token } = policy.start()
  return {
    row,
    now: 0,
    stored: token,
    requests: [],
    answers: [],
    thief: [],
    thiefGained: false,
    presented: {},
    timeSteps: 0,
    isSetBack: false,
  }
}

/** The keys that the owner may send with a token. */
export function ownerKeys({ keys }: Scenario, token: string): readonly (string | undefined)[] {
  if (keys === 'none') return [undefined]
  return keys === 'per generation' ? [`key of ${token}`] : ['attempt 1', 'attempt 2']
}

/** Order on the network means nothing: equal sets are one state. */
export function sorted<T extends Request | Answer>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
}

function textOf(message: Request | Answer): string {
  return Object.values(message).join(' ')
}
