import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Authority, type CallAuthority, openAuthority } from './authority.ts'
import { openBrowser } from './browser.ts'
import type { Answer } from './client.ts'
import { codeOf, newCredentials, refreshWith, signUp, signUpAdmin, tokensOf } from './people.ts'

let authority: Authority
beforeEach(async () => {
  authority = await openAuthority()
})
afterEach(() => authority.close())

const minute = 60
const day = 86_400

const isLimited = (answer: Answer) => codeOf(answer) === 'RATE_LIMITED'
const wrong = { password: 'not-the-password' }

function guess(call: CallAuthority, identifier: string): Promise<Answer> {
  return call('POST /login', { body: { identifier, ...wrong } })
}

async function repeat<T>(count: number, act: (index: number) => Promise<T>): Promise<T[]> {
  const results = []
  for (let index = 0; index < count; index++) results.push(await act(index))
  return results
}

describe('failed sign-ins', () => {
  test('after five of one account from one network the sixth waits, right or wrong (G15)', async () => {
    const call = authority.from()
    const { email, password } = await signUp(authority.from())
    const failures = await repeat(5, () => guess(call, email))
    expect(failures.map(codeOf)).toEqual(Array.from({ length: 5 }, () => 'INVALID_CREDENTIALS'))
    const limited = await call('POST /login', { body: { email, password } })
    expect(limited).toMatchObject({
      status: 429,
      body: { code: 'RATE_LIMITED' },
      headers: {
        'retry-after': '60',
        ratelimit: '"login";r=0;t=60',
        'ratelimit-policy': '"login";q=5;w=900',
      },
    })
  })

  test('the waits grow to 1, 2, 4, 8 and 15 minutes', async () => {
    const call = authority.from()
    await repeat(5, () => guess(call, 'somebody'))
    const waits = await repeat(6, async () => {
      const { headers } = await guess(call, 'somebody')
      authority.clock.advance(Number(headers['retry-after']))
      expect(codeOf(await guess(call, 'somebody'))).toBe('INVALID_CREDENTIALS')
      return Number(headers['retry-after']) / minute
    })
    expect(waits).toEqual([1, 2, 4, 8, 15, 15])
  })

  test('a sign-in that succeeds is not counted', async () => {
    const call = authority.from()
    const { email, password } = await signUp(call)
    const answers = await repeat(20, () => call('POST /login', { body: { email, password } }))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
  })

  test('of 50 at one moment five are let through to the password (lesson 10)', async () => {
    const call = authority.from()
    const answers = await Promise.all(Array.from({ length: 50 }, () => guess(call, 'somebody')))
    expect(answers.filter((answer) => !isLimited(answer))).toHaveLength(5)
  })

  test('all spellings of one account share one count (lesson 16)', async () => {
    const call = authority.from()
    const { email } = await signUp(authority.from())
    const spellings = [email, email.toUpperCase(), ` ${email}`, `${email} `, `P${email.slice(1)}`]
    for (const spelling of spellings) await guess(call, spelling)
    expect(isLimited(await guess(call, email))).toBe(true)
    const byMember = await call('POST /login', { body: { email, ...wrong } })
    expect(isLimited(byMember)).toBe(true)
  })

  test('unknown accounts are counted like known ones (lesson 28)', async () => {
    const call = authority.from()
    const { email } = await signUp(authority.from())
    const outcomes = async (identifier: string) =>
      (await repeat(7, () => guess(call, identifier))).map(codeOf)
    expect(await outcomes('nobody@example.com')).toEqual(await outcomes(email))
  })

  test('one network has 50 in 15 minutes, whatever accounts it tries (G15)', async () => {
    const call = authority.from()
    const answers = await repeat(51, (index) => guess(call, `victim-${index}`))
    expect(answers.map(isLimited).indexOf(true)).toBe(50)
    expect(answers[50]?.headers['ratelimit-policy']).toBe('"login-network";q=50;w=900')
    expect(isLimited(await guess(authority.from(), 'victim-0'))).toBe(false)
    authority.clock.advance(15 * minute)
    expect(isLimited(await guess(call, 'victim-52'))).toBe(false)
  })

  test('neighbours in a network share its count: /24 of IPv4, /64 of IPv6 (lesson 16)', async () => {
    await repeat(5, (index) => guess(authority.from(`192.0.2.${index}`), 'somebody'))
    expect(isLimited(await guess(authority.from('192.0.2.200'), 'somebody'))).toBe(true)
    expect(isLimited(await guess(authority.from('::ffff:192.0.2.9'), 'somebody'))).toBe(true)
    expect(isLimited(await guess(authority.from('192.0.3.1'), 'somebody'))).toBe(false)
    await repeat(5, (index) => guess(authority.from(`2001:db8::${index}`), 'somebody'))
    expect(isLimited(await guess(authority.from('2001:DB8:0:0:ffff::1'), 'somebody'))).toBe(true)
    expect(isLimited(await guess(authority.from('2001:db8:0:1::1'), 'somebody'))).toBe(false)
  })

  test('a wrong password where it is asked for once more counts as well', async () => {
    const call = authority.from()
    const { accessToken: token, email } = await signUp(call)
    await repeat(5, () => call('DELETE /profile', { token, body: wrong }))
    const body = { currentPassword: 'not-the-password', newPassword: 'violet-harbour-lantern' }
    expect(isLimited(await call('POST /password/change', { token, body }))).toBe(true)
    expect(isLimited(await guess(call, email))).toBe(true)
  })
})

describe('an account with a hundred failures in a day', () => {
  /** From twenty networks, five from each. */
  async function lock(identifier: string): Promise<void> {
    for (const _ of Array.from({ length: 20 })) {
      const call = authority.from()
      await repeat(5, () => guess(call, identifier))
    }
  }

  test('is locked: the right password is answered like a wrong one (lesson 28)', async () => {
    const { email, password } = await signUp(authority.from())
    const before = await guess(authority.from(), 'nobody@example.com')
    await lock(email)
    const right = await authority.from()('POST /login', { body: { email, password } })
    expect(shapeOf(right)).toEqual(shapeOf(before))
    authority.clock.advance(day)
    const later = await authority.from()('POST /login', { body: { email, password } })
    expect(later.status).toBe(200)
  })

  test('is locked under each of its names (lesson 16)', async () => {
    const { email, password } = await signUp(authority.from(), { username: 'two-names' })
    await lock(email)
    const body = { username: 'two-names', password }
    expect((await authority.from()('POST /login', { body })).status).toBe(401)
  })

  test('lets its owner in from a device they have signed in from before', async () => {
    const browser = openBrowser(authority.from())
    const { email, password } = newCredentials()
    await browser.call('POST /register', { body: { email, password } })
    await lock(email)
    expect((await browser.call('POST /login', { body: { email, password } })).status).toBe(200)
  })

  test('lets nobody in by the device of another user', async () => {
    const browser = openBrowser(authority.from())
    await browser.call('POST /register', { body: newCredentials() })
    const { email, password } = await signUp(authority.from())
    await lock(email)
    expect((await browser.call('POST /login', { body: { email, password } })).status).toBe(401)
  })

  test('stays locked for the devices of its attackers: a device has the same limits', async () => {
    const browser = openBrowser(authority.from())
    const { email, password } = newCredentials()
    await browser.call('POST /register', { body: { email, password } })
    const answers = await repeat(6, () => guess(browser.call, email))
    expect(answers.map(isLimited)).toEqual([false, false, false, false, false, true])
  })
})

describe('registration and refresh', () => {
  test('one network registers ten users an hour, counting those that are refused (G15)', async () => {
    const call = authority.from()
    const taken = newCredentials()
    const answers = await repeat(11, (index) =>
      call('POST /register', { body: index < 5 ? taken : newCredentials() }),
    )
    expect(answers.map(isLimited).indexOf(true)).toBe(10)
    expect(answers[10]?.headers['ratelimit-policy']).toBe('"register";q=10;w=3600')
    authority.clock.advance(3600)
    expect((await call('POST /register', { body: newCredentials() })).status).toBe(201)
  })

  test('of 50 registrations at one moment ten are let through (lesson 10)', async () => {
    const call = authority.from()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => call('POST /register', { body: newCredentials() })),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10)
  })

  test('one session refreshes 60 times a minute, and is not ended by more (G15)', async () => {
    const call = authority.from()
    let { refreshToken } = await signUp(call)
    await repeat(60, async () => {
      refreshToken = tokensOf(await refreshWith(call, refreshToken)).refreshToken
    })
    const limited = await refreshWith(call, refreshToken)
    expect(limited).toMatchObject({ status: 429, cookies: [] })
    expect((await refreshWith(call, (await signUp(call)).refreshToken)).status).toBe(200)
    authority.clock.advance(minute)
    expect((await refreshWith(call, refreshToken)).status).toBe(200)
  })

  test('one network refreshes 300 times a minute, with whatever tokens', async () => {
    const call = authority.from()
    const answers = await repeat(301, () => refreshWith(call, 'garbage'))
    expect(answers.map(isLimited).indexOf(true)).toBe(300)
  })

  test('what administrators do is not counted as sign-ins of theirs', async () => {
    const call = authority.from()
    const { accessToken: token } = await signUpAdmin(authority, call)
    const answers = await repeat(70, () => call('GET /admin/users', { token }))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
  })
})

function shapeOf({ status, headers, text }: Answer): unknown {
  const { date: _, 'x-request-id': __, ...rest } = headers
  return { status, headers: rest, text: text.replace(/"requestId":"[^"]*"/, '') }
}
