import type { Scenario } from './world.ts'

const base = { storing: 'compare', serverSteps: 1, inFlight: 2, generations: 3 } as const

const keyed = { ...base, keys: 'per generation', time: 'passes', timeSteps: 1 } as const
const bearer = { ...base, keys: 'none', time: 'passes at rest', timeSteps: 2 } as const

/** Where the rule must be without a flaw, however things fall out. */
export const promised: Readonly<Record<string, Scenario>> = {
  'with a key, nobody honest is logged out': {
    ...keyed,
    inFlight: 3,
    clockSetBack: true,
    logout: true,
  },
  'with a key, the same while reads and writes interleave': {
    ...keyed,
    generations: 4,
    serverSteps: 2,
    logout: true,
  },
  'with a key, a thief is found out': {
    ...keyed,
    generations: 4,
    thief: 'found at once',
    logout: true,
  },
  'with a key, the same while reads and writes interleave, and a thief': {
    ...keyed,
    time: 'stands',
    serverSteps: 2,
    thief: 'found at once',
    logout: true,
  },
  'with a key, repeats up to eight generations late': { ...keyed, time: 'stands', generations: 8 },
  'without a key, nobody honest is logged out who repeats within the window': {
    ...bearer,
    inFlight: 3,
    clockSetBack: true,
    logout: true,
  },
  'without a key, the same while reads and writes interleave': {
    ...bearer,
    serverSteps: 2,
    logout: true,
  },
  'without a key, a thief is found out who is further apart than the window': {
    ...bearer,
    thief: 'found after the window',
  },
}

/** Where the promise ends: each has a counterexample, and the guide prints it. */
export const beyond: Readonly<Record<string, Scenario>> = {
  'without a key, the client repeats after the window': { ...bearer, time: 'passes', timeSteps: 1 },
  'without a key, a thief follows within the window': {
    ...bearer,
    time: 'stands',
    thief: 'found at once',
  },
  'with a fresh key for every attempt': { ...keyed, keys: 'per attempt', time: 'stands' },
  'the client stores an older answer over a newer one': {
    ...keyed,
    storing: 'overwrite',
    time: 'stands',
  },
  'a duplicate arrives more than eight generations late': {
    ...keyed,
    time: 'stands',
    generations: 9,
  },
}

/** What every design is put through, without keys. Cut off at `depth` moves. */
export const contest = {
  depth: 9,
  prompt: { ...bearer, timeSteps: 1 },
  late: { ...bearer, time: 'passes', timeSteps: 1 },
  thief: { ...bearer, inFlight: 1, timeSteps: 1, thief: 'found after the window' },
} as const satisfies Record<string, Scenario | number>
