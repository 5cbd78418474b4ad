import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Authority, openAuthority } from './authority.ts'
import type { Answer } from './client.ts'
import { signUpVerified } from './people.ts'
import { rankDifference } from './ranks.ts'

// Asking for a link and signing up must not tell whose address is known: neither what is answered
// nor how long it takes.

const samples = 200

let authority: Authority
const known: string[] = []

beforeAll(async () => {
  authority = await openAuthority({ emailVerification: 'required', rateLimits: 'off' })
  for (let person = 0; person < 10; person++) known.push(await signUpVerified(authority))
})
afterAll(() => authority.close())

const password = 'amber-orchard-nineteen'
let strangers = 0

const asks: Readonly<Record<string, (email: string) => Promise<Answer>>> = {
  'asking for a new password': (email) =>
    authority.from()('POST /password/forgot', { body: { email } }),
  'asking for the link to confirm': (email) =>
    authority.from()('POST /email/verification', { body: { email } }),
  'signing up': (email) => authority.from()('POST /register', { body: { email, password } }),
}

describe.each(Object.entries(asks))('%s', (_, ask) => {
  const ofKnown = (round: number) => ask(known[round % known.length] ?? '')
  const ofUnknown = () => ask(`stranger${++strangers}@example.com`)

  test('is answered alike for a known and an unknown address (lesson 28, G10)', async () => {
    const shapes = [await ofKnown(0), await ofUnknown()].map(({ status, headers, text }) => {
      const { date: __, 'x-request-id': ___, ...rest } = headers
      return JSON.stringify([status, rest, text])
    })
    expect(new Set(shapes).size).toBe(1)
  })

  test('takes the same time: 200 samples each, interleaved, cannot be told by rank', async () => {
    const times = { known: [] as number[], unknown: [] as number[] }
    const measure = async (kind: 'known' | 'unknown', round: number) => {
      // What the one before it left to be done falls on nobody.
      await authority.settle()
      const start = performance.now()
      await (kind === 'known' ? ofKnown(round) : ofUnknown())
      times[kind].push(performance.now() - start)
    }
    for (let round = 0; round < samples; round++) {
      const order =
        round % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)
      for (const kind of order) await measure(kind, round)
    }
    // Equal distributions exceed 4.5 once in 150,000 runs.
    expect(Math.abs(rankDifference(times.known, times.unknown))).toBeLessThan(4.5)
  }, 120_000)
})
