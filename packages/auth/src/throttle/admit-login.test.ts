import { describe, expect, test } from 'vitest'
import { silentLogger } from '../ports/logger.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { admitLogin, type LoginAttempt } from './admit-login.ts'
import { createThrottle } from './throttle.ts'

const minute = 60
const day = 86_400

const ada: LoginAttempt = {
  identifier: { kind: 'email', key: 'ada@example.com' },
  userId: 'usr_ada',
  network: '203.0.113.0/24',
  deviceId: null,
}
const adaByUsername: LoginAttempt = { ...ada, identifier: { kind: 'username', key: 'ada' } }
const nobody: LoginAttempt = {
  ...ada,
  identifier: { kind: 'email', key: 'nobody@example.com' },
  userId: null,
}

function setUp({ enabled = true } = {}) {
  const clock = fakeClock()
  const throttle = createThrottle({ clock, log: silentLogger }, { enabled })
  const fail = (attempt: LoginAttempt) => admitLogin(throttle, attempt)
  return {
    clock,
    fail,
    succeed: async (attempt: LoginAttempt) => (await fail(attempt)).giveBack(),
    async failTimes(times: number, attempt: (index: number) => LoginAttempt) {
      for (let index = 0; index < times; index += 1) await fail(attempt(index))
    },
  }
}

const fromNetwork = (index: number) => ({ ...ada, network: `network-${index}` })

describe('one account from one network', () => {
  test('has five failures', async () => {
    const { fail, failTimes } = setUp()
    await failTimes(5, () => ada)
    await expect(fail(ada)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 60 })
  })

  test('of 50 tries at once only five get to guess', async () => {
    const { fail } = setUp()
    const tries = await Promise.allSettled(Array.from({ length: 50 }, () => fail(ada)))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
  })

  test('then waits 1, 2, 4, 8, 15 and 15 minutes between single tries', async () => {
    const { clock, fail, failTimes } = setUp()
    await failTimes(5, () => ada)
    for (const wait of [1, 2, 4, 8, 15, 15]) {
      clock.advance(wait * minute - 1)
      await expect(fail(ada)).rejects.toMatchObject({ retryAfterSeconds: 1 })
      clock.advance(1)
      await fail(ada)
    }
  })

  test('is told the limit and the wait in headers', async () => {
    const { fail, failTimes } = setUp()
    await failTimes(5, () => ada)
    await expect(fail(ada)).rejects.toMatchObject({
      headers: { 'RateLimit-Policy': '"login";q=5;w=900', RateLimit: '"login";r=0;t=60' },
    })
  })

  test('starts afresh a quarter of an hour after its last wait', async () => {
    const { clock, failTimes } = setUp()
    await failTimes(5, () => ada)
    clock.advance(16 * minute)
    await expect(failTimes(5, () => ada)).resolves.toBeUndefined()
  })

  test('is not slowed down by signing in', async () => {
    const { succeed } = setUp()
    for (let i = 0; i < 200; i += 1) await succeed(ada)
    await expect(succeed(ada)).resolves.toBeUndefined()
  })

  test('keeps its failures when it signs in', async () => {
    const { fail, failTimes, succeed } = setUp()
    await failTimes(4, () => ada)
    await succeed(ada)
    await fail(ada)
    await expect(fail(ada)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  })

  test('does not wait after an attempt that was given back', async () => {
    const { fail, failTimes } = setUp()
    await failTimes(4, () => ada)
    await (await fail(ada)).giveBack()
    await expect(fail(ada)).resolves.toMatchObject({ locked: false })
  })

  test('leaves other accounts and other networks alone', async () => {
    const { fail, failTimes } = setUp()
    await failTimes(5, () => ada)
    await expect(fail(nobody)).resolves.toBeDefined()
    await expect(fail({ ...ada, network: 'elsewhere' })).resolves.toBeDefined()
  })
})

describe('one network', () => {
  const withAccount = (index: number): LoginAttempt => ({
    ...nobody,
    identifier: { kind: 'email', key: `user${index}@example.com` },
  })

  test('has 50 failures in a quarter of an hour, whatever the accounts', async () => {
    const { fail, failTimes } = setUp()
    await failTimes(50, withAccount)
    await expect(fail(withAccount(50))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: 15 * minute,
    })
  })

  test('is not charged for tries that were refused for their account', async () => {
    const { fail, failTimes } = setUp()
    await failTimes(5, () => ada)
    await Promise.allSettled(Array.from({ length: 60 }, () => fail(ada)))
    await expect(failTimes(45, withAccount)).resolves.toBeUndefined()
  })

  test('is not charged for sign-ins', async () => {
    const { failTimes, succeed } = setUp()
    for (let i = 0; i < 100; i += 1) await succeed(withAccount(i))
    await expect(failTimes(50, withAccount)).resolves.toBeUndefined()
  })
})

describe('one account', () => {
  test('is locked after 100 failures in a day, wherever they came from', async () => {
    const { fail, failTimes } = setUp()
    await failTimes(99, fromNetwork)
    expect(await fail(fromNetwork(99))).toMatchObject({ locked: false })
    expect(await fail(fromNetwork(100))).toMatchObject({ locked: true })
  })

  test('of 200 tries at once from everywhere, 100 get to guess', async () => {
    const { fail } = setUp()
    const tries = Array.from({ length: 200 }, (_, index) => fail(fromNetwork(index)))
    const admissions = await Promise.all(tries)
    expect(admissions.filter(({ locked }) => !locked)).toHaveLength(100)
  })

  test('is open again the next day', async () => {
    const { clock, fail, failTimes } = setUp()
    await failTimes(101, fromNetwork)
    clock.advance(day)
    expect(await fail(ada)).toMatchObject({ locked: false })
  })

  test('is not opened by giving back an attempt that found it locked', async () => {
    const { fail, failTimes } = setUp()
    await failTimes(100, fromNetwork)
    await (await fail(fromNetwork(100))).giveBack()
    expect(await fail(fromNetwork(101))).toMatchObject({ locked: true })
  })

  test('has one lock for its address and its username', async () => {
    const { fail, failTimes } = setUp()
    await failTimes(50, fromNetwork)
    await failTimes(50, (index) => ({ ...adaByUsername, network: `other-${index}` }))
    expect(await fail(ada)).toMatchObject({ locked: true })
  })

  test('cannot be locked for a device it is known from', async () => {
    const { fail, failTimes } = setUp()
    await failTimes(100, fromNetwork)
    expect(await fail({ ...ada, deviceId: 'laptop' })).toMatchObject({ locked: false })
  })
})

describe('a known device', () => {
  const laptop: LoginAttempt = { ...ada, deviceId: 'laptop' }

  test('is not held up by a stranger behind the same address', async () => {
    const { fail, failTimes } = setUp()
    await failTimes(5, () => ada)
    await failTimes(45, (index) => ({
      ...nobody,
      identifier: { kind: 'username', key: `user${index}` },
    }))
    await expect(fail(laptop)).resolves.toMatchObject({ locked: false })
  })

  test('has five failures of its own, from whatever network', async () => {
    const { fail, failTimes } = setUp()
    await failTimes(5, (index) => ({ ...laptop, network: `network-${index}` }))
    await expect(fail(laptop)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  })

  test('is locked after 100 failures of its own', async () => {
    const { clock, fail, failTimes } = setUp()
    await failTimes(5, () => laptop)
    for (const _ of Array.from({ length: 95 })) {
      clock.advance(15 * minute)
      await fail(laptop)
    }
    const { identifier } = adaByUsername
    expect(await fail({ ...laptop, identifier })).toMatchObject({ locked: true })
  })

  test('does not change what others are told', async () => {
    const { fail, failTimes } = setUp()
    await failTimes(5, () => laptop)
    await expect(fail(ada)).resolves.toMatchObject({ locked: false })
  })
})

describe('what a stranger can see', () => {
  /** Whether each of a row of attempts was refused, and with what wait. */
  async function answers(attempts: readonly LoginAttempt[]): Promise<unknown[]> {
    const { fail } = setUp()
    const seen: unknown[] = []
    for (const attempt of attempts) {
      seen.push(
        await fail(attempt).then(
          () => 'wrong password',
          ({ headers }) => headers,
        ),
      )
    }
    return seen
  }

  test('is the same whether or not there is such a user', async () => {
    const attempts = Array.from({ length: 60 }, () => ada)
    const unknown = attempts.map((attempt) => ({ ...attempt, userId: null }))
    expect(await answers(unknown)).toEqual(await answers(attempts))
  })

  test('does not tell that an address and a username belong together', async () => {
    const attempts = Array.from({ length: 20 }, (_, index) => (index % 3 ? ada : adaByUsername))
    const unknown = attempts.map((attempt) => ({ ...attempt, userId: null }))
    expect(await answers(unknown)).toEqual(await answers(attempts))
  })
})

test('a throttle that is off admits everything and locks nothing', async () => {
  const { fail, failTimes } = setUp({ enabled: false })
  await failTimes(200, () => ada)
  expect(await fail(ada)).toMatchObject({ locked: false })
})
