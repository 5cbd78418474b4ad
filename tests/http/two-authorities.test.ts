import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Authority, openAuthority } from './authority.ts'
import {
  newCredentials,
  refreshWith,
  signInAs,
  signUp,
  signUpAdmin,
  statusOf,
  tokensOf,
} from './people.ts'

// Nothing is shared but the file: neither what one remembers nor what it counts on.

let one: Authority
let other: Authority

beforeEach(async () => {
  one = await openAuthority()
  other = await openAuthority({ beside: one })
})
// The file is in the folder of the first.
afterEach(async () => {
  await other.close()
  await one.close()
})

describe('on one file', () => {
  test('what one ends is dead at the other at once (lesson 13)', async () => {
    const person = await signUp(one.from())
    expect(await statusOf(other.from(), person.accessToken)).toMatchObject({ status: 200 })
    await one.from()('POST /logout', { body: { refreshToken: person.refreshToken } })
    expect(await statusOf(other.from(), person.accessToken)).toMatchObject({
      code: 'TOKEN_REVOKED',
    })
    expect((await refreshWith(other.from(), person.refreshToken)).status).toBe(401)
  })

  test('of refreshes at both at one moment all get one successor (lesson 10, G3)', async () => {
    for (const _ of Array.from({ length: 10 })) {
      const { refreshToken } = await signUp(one.from())
      const answers = await Promise.all(
        [one, other, one, other].map(({ from }) => refreshWith(from(), refreshToken)),
      )
      expect(new Set(answers.map((answer) => tokensOf(answer).refreshToken)).size).toBe(1)
    }
  })

  test('of registrations of one address at both at one moment one succeeds (lesson 10)', async () => {
    for (const _ of Array.from({ length: 10 })) {
      const body = newCredentials()
      const answers = await Promise.all(
        [one, other].map(({ from }) => from()('POST /register', { body })),
      )
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    }
  })

  test('of two administrators who demote each other at both at one moment one stays (lesson 10)', async () => {
    const first = await signUpAdmin(one, one.from())
    const second = await signUpAdmin(other, other.from())
    const body = { roles: [] }
    const answers = await Promise.all([
      one.from()(`PATCH /admin/users/${second.id}`, { token: first.accessToken, body }),
      other.from()(`PATCH /admin/users/${first.id}`, { token: second.accessToken, body }),
    ])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('a new key of one is known to the other before it signs (lesson 36)', async () => {
    const { accessToken: token, refreshToken } = await signUpAdmin(one, one.from())
    const rotated = await one.from()('POST /admin/keys/rotate', { token, body: {} })
    expect(rotated.status).toBe(201)
    // What each does every ten seconds, long before the new key signs.
    await other.deps.keys.reload()
    one.clock.advance(600)
    const { accessToken } = tokensOf(await refreshWith(one.from(), refreshToken))
    expect(await statusOf(other.from(), accessToken)).toMatchObject({ status: 200 })
  })
})

describe('after a restart', () => {
  test('tokens go on, and what had ended stays dead (lesson 11)', async () => {
    const call = one.from()
    const person = await signUp(call)
    const ended = await signInAs(call, person)
    await call('POST /logout', { body: { refreshToken: ended.refreshToken } })
    const again = await openAuthority({ beside: one })
    expect(await statusOf(again.from(), person.accessToken)).toMatchObject({ status: 200 })
    expect(await statusOf(again.from(), ended.accessToken)).toMatchObject({
      code: 'TOKEN_REVOKED',
    })
    expect((await refreshWith(again.from(), ended.refreshToken)).status).toBe(401)
    expect((await refreshWith(again.from(), person.refreshToken)).status).toBe(200)
    await again.close()
  })

  test('a used refresh token is still known as used (lesson 11)', async () => {
    const person = await signUp(one.from())
    tokensOf(await refreshWith(one.from(), person.refreshToken))
    one.clock.advance(61)
    const again = await openAuthority({ beside: one })
    expect(await refreshWith(again.from(), person.refreshToken)).toMatchObject({
      status: 401,
      body: { code: 'REFRESH_TOKEN_REUSED' },
    })
    await again.close()
  })

  test('a clock that was set back revives nothing (lesson 11)', async () => {
    const call = one.from()
    one.clock.advance(3600)
    const person = await signUp(call)
    const ended = await signInAs(call, person)
    await call('POST /logout', { body: { refreshToken: ended.refreshToken } })
    await call('PATCH /profile', { token: person.accessToken, body: { name: 'Ada' } })
    one.clock.advance(-3000)
    expect((await refreshWith(call, ended.refreshToken)).status).toBe(401)
    expect(await statusOf(call, ended.accessToken)).toMatchObject({ status: 401 })
  })
})
