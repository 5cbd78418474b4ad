import { describe, expect, test } from 'vitest'
import { fakeClock } from '../testing/fake-clock.ts'
import { fakeRandom } from '../testing/fake-random.ts'
import { createHashingGate, hashingConcurrency } from './hashing-gate.ts'

/** Lets everything that is ready happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** How long refusals were held back, in milliseconds. */
const held: number[] = []
const pause = async (ms: number): Promise<void> => void held.push(ms)

/** A gate whose jobs take as long as a test says, and a log of what started and was refused. */
function setUp({ concurrency = 1 } = {}) {
  const clock = fakeClock()
  const gate = createHashingGate({ clock, random: fakeRandom(), pause }, { concurrency })
  const started: string[] = []
  const refused: string[] = []
  const waits: unknown[] = []
  const running: { end: () => void; fail: (error: Error) => void }[] = []

  return {
    started,
    refused,
    waits,
    /** Asks for a job named `network account`. */
    ask(name: string): void {
      const [network = '', account = ''] = name.split(' ')
      const job = () => {
        started.push(name)
        return new Promise<void>((end, fail) => running.push({ end, fail }))
      }
      gate.run({ network, account }, job).catch((error: unknown) => {
        refused.push(name)
        waits.push(error)
      })
    },
    /** Ends the job that started first, after some time. */
    async end(afterMs = 10): Promise<void> {
      await settle()
      clock.advance(afterMs / 1000)
      running.shift()?.end()
      await settle()
    },
    async fail(): Promise<void> {
      await settle()
      running.shift()?.fail(new Error('broken'))
      await settle()
    },
  }
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `n${i} a${i}`)

describe('a gate', () => {
  test('runs a job at once when nothing runs', async () => {
    const { ask, started } = setUp()
    ask('n1 a1')
    await settle()
    expect(started).toEqual(['n1 a1'])
  })

  test('holds a refusal back, so that callers who come back at once do not keep it busy', async () => {
    held.length = 0
    const { ask, refused } = setUp()
    for (const name of names(400)) ask(name)
    await settle()
    expect(refused.length).toBeGreaterThan(0)
    expect(held).toHaveLength(refused.length)
    expect(Math.min(...held)).toBeGreaterThanOrEqual(500)
    expect(Math.max(...held)).toBeLessThan(1000)
  })

  test('gives back what a job answers', async () => {
    const gate = createHashingGate(
      { clock: fakeClock(), random: fakeRandom(), pause },
      { concurrency: 1 },
    )
    const origin = { network: 'n', account: 'a' }
    expect(await gate.run(origin, () => Promise.resolve('answer'))).toBe('answer')
  })

  test('runs no more jobs at a time than allowed', async () => {
    const { ask, started, end } = setUp({ concurrency: 2 })
    for (const name of names(5)) ask(name)
    await settle()
    expect(started).toHaveLength(2)
    await end()
    expect(started).toHaveLength(3)
  })

  test('goes on after a job that failed', async () => {
    const { ask, started, fail } = setUp()
    for (const name of names(2)) ask(name)
    await fail()
    expect(started).toEqual(names(2))
  })

  test('runs every job it admitted', async () => {
    const { ask, started, end } = setUp({ concurrency: 3 })
    for (const name of names(40)) ask(name)
    for (let i = 0; i < 40; i += 1) await end()
    expect([...started].sort()).toEqual([...names(40)].sort())
  })

  test('lets another network go before the rest of a crowd', async () => {
    const { ask, started, end } = setUp()
    for (let i = 0; i < 20; i += 1) ask(`crowded a${i}`)
    ask('quiet b')
    await end()
    await end()
    expect(started.slice(0, 3)).toContain('quiet b')
  })
})

describe('a gate that is overloaded', () => {
  // Before anything was measured a job is taken to need 15 ms: 100 of them are 1.5 s.
  test('refuses the oldest when all wait for themselves', async () => {
    const { ask, refused } = setUp()
    for (const name of names(1 + 99)) ask(name)
    await settle()
    expect(refused).toEqual([])
    ask('late late')
    await settle()
    expect(refused).toEqual(['n1 a1'])
  })

  test('refuses the oldest of a crowd, not the newcomer', async () => {
    const { ask, refused } = setUp()
    for (let i = 0; i < 100; i += 1) ask(`crowded a${i}`)
    ask('quiet b')
    await settle()
    expect(refused).toEqual(['crowded a1'])
  })

  test('says UNAVAILABLE and to come back in 1 to 4 seconds, not all at once', async () => {
    const { ask, waits } = setUp()
    for (const name of names(140)) ask(name)
    await settle()
    expect(waits).toHaveLength(40)
    const codes = new Set(waits.map((error) => (error as { code: string }).code))
    const seconds = new Set(
      waits.map((error) => (error as { retryAfterSeconds: number }).retryAfterSeconds),
    )
    expect([[...codes], [...seconds].toSorted((a, b) => a - b)]).toEqual([
      ['UNAVAILABLE'],
      [1, 2, 3, 4],
    ])
  })

  test('lets more wait where more run at a time', async () => {
    const { ask, refused } = setUp({ concurrency: 3 })
    for (const name of names(3 + 299)) ask(name)
    await settle()
    expect(refused).toEqual([])
    ask('late late')
    await settle()
    expect(refused).toEqual(['n3 a3'])
  })

  test('lets fewer wait when jobs take longer', async () => {
    const { ask, refused, end } = setUp()
    for (let i = 0; i < 100; i += 1) {
      ask(`n a${i}`)
      await end(600)
    }
    for (const name of names(1 + 3)) ask(name)
    await settle()
    expect(refused).toEqual(['n1 a1'])
  })

  test('stays open after one job that slept with the machine', async () => {
    const { ask, refused, end } = setUp()
    ask('n a')
    await end(3_600_000)
    for (const name of names(1 + 5)) ask(name)
    await settle()
    expect(refused).toEqual([])
  })
})

test.each([
  [1, 4, 1],
  [2, 4, 1],
  [4, 4, 3],
  [16, 4, 3],
  [16, 16, 15],
  [2, 1, 1],
  [4, Number.NaN, 1],
])('of %d cores and %d threads, %d hash', (cores, threads, expected) => {
  expect(hashingConcurrency({ cores, threads })).toBe(expected)
})
