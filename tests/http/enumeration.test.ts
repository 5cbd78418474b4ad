import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkPassword } from '../../packages/auth/src/users/check-password.ts'
import { type Authority, openAuthority } from './authority.ts'
import { cheapHasher } from './cheap-hasher.ts'
import type { Answer } from './client.ts'
import { signUp } from './people.ts'
import { rankDifference } from './ranks.ts'

// Who asks must not learn whether an account is there: not by what the answer says, nor by how
// long it takes. Passwords are hashed as in production; every try comes from another network.

const rounds = 25

interface Try {
  readonly kind: 'known' | 'unknown' | 'locked' | 'no identifier'
  readonly body: { readonly identifier: string; readonly password: string }
}

let authority: Authority
let known: { email: string; password: string }
let locked: { email: string; password: string }

beforeAll(async () => {
  authority = await openAuthority({ hashesPasswords: true })
  known = await signUp(authority.from())
  locked = await signUp(authority.from())
  for (let failures = 0; failures < 100; failures++) await failSilently(locked.email, failures)
})
afterAll(() => authority.close())

/** Counts a failed sign-in as the endpoint would, without the work of a hash. */
async function failSilently(emailKey: string, index: number): Promise<void> {
  const { throttle, stores } = authority.deps
  await checkPassword(
    { throttle, hasher: cheapHasher },
    {
      identifier: { kind: 'email', key: emailKey },
      user: await stores.users.findByEmailKey(emailKey),
      password: 'not-the-password',
      network: `198.51.${index}.0/24`,
      deviceId: null,
    },
  )
}

function attempt(body: Try['body']): Promise<Answer> {
  return authority.from()('POST /login', { body })
}

function tries(round: number): Try[] {
  const password = 'not-the-password'
  return [
    { kind: 'known', body: { identifier: known.email, password } },
    { kind: 'unknown', body: { identifier: `nobody${round}@example.com`, password } },
    { kind: 'locked', body: { identifier: locked.email, password: locked.password } },
    { kind: 'no identifier', body: { identifier: `no one ${round}`, password } },
  ]
}

test('a wrong password, an unknown user and a locked account get one answer (lesson 28, G10)', async () => {
  const answers = await Promise.all(tries(0).map(({ body }) => attempt(body)))
  const shapes = answers.map(({ status, headers, text }) => {
    const { date: _, 'x-request-id': __, ...rest } = headers
    return JSON.stringify([status, rest, text.replace(/"requestId":"[^"]*"/, '')])
  })
  expect(answers[0]).toMatchObject({ status: 401, body: { code: 'INVALID_CREDENTIALS' } })
  expect(new Set(shapes).size).toBe(1)
})

test('and it takes them one time: no group can be told by ranking the times (lesson 28, G10)', async () => {
  const times: Record<Try['kind'], number[]> = {
    known: [],
    unknown: [],
    locked: [],
    'no identifier': [],
  }
  for (let round = 0; round < rounds; round++) {
    // Each takes its turn at being first, so that what happens meanwhile falls on all alike.
    const kinds = tries(round)
    for (const index of kinds.keys()) {
      const { kind, body } = kinds[(index + round) % kinds.length] as Try
      const start = performance.now()
      await attempt(body)
      times[kind].push(performance.now() - start)
    }
  }
  // Equal distributions exceed 4.5 once in 150,000 runs; without the decoy hash it is near 6.
  for (const kind of ['unknown', 'locked', 'no identifier'] as const) {
    expect(Math.abs(rankDifference(times.known, times[kind])), kind).toBeLessThan(4.5)
  }
}, 60_000)
