import { expect, test } from 'vitest'
import { openAuthority } from './authority.ts'
import { openBrowser } from './browser.ts'
import { newCredentials, refreshWith, signInAs, signUp, signUpAdmin, tokensOf } from './people.ts'
import { dumpDatabase } from './vault.ts'

// Every authority of these tests is searched when it closes. This run makes sure that there is
// something to find: each kind of secret, in answers that went well and in such that did not.

test('after a run with every kind of secret, neither log nor database holds one (lesson 37)', async () => {
  const authority = await openAuthority({ hashesPasswords: true })
  const { vault, logLines, databasePath } = authority
  const call = authority.from()

  const person = await signUp(call, { name: 'Ada', username: 'ada-1815' })
  const other = await signInAs(call, person)
  const key = 'idempotency-key-of-generation-0'
  const next = tokensOf(await refreshWith(call, person.refreshToken, key))
  await refreshWith(call, person.refreshToken, 'idempotency-key-of-a-thief')
  await call('POST /login', { body: { email: person.email, password: 'a-wrong-password-of-ada' } })
  await call('POST /register', { body: { email: 'x@example.com', password: '12345678' } })
  await call('POST /password/change', {
    token: other.accessToken,
    body: { currentPassword: person.password, newPassword: 'lantern-violet-harbour-2' },
  })
  await call('GET /profile', { token: `${other.accessToken}x` })
  await call(`GET /profile?access_token=${next.accessToken}`)
  await refreshWith(call, `${next.refreshToken}x`)

  const browser = openBrowser(authority.from())
  await browser.call('POST /register', { body: newCredentials() })
  await browser.call('POST /refresh')
  await browser.call('POST /logout')

  const admin = await signUpAdmin(authority, authority.from())
  await call('POST /admin/keys/rotate', { token: admin.accessToken, body: {} })
  await call(`DELETE /admin/users/${person.id}`, { token: admin.accessToken })
  vault.add(key)

  const text = logLines.join('\n')
  const database = dumpDatabase(databasePath)
  await authority.close()
  expect(vault.size).toBeGreaterThan(20)
  expect([text, database].map((content) => content.includes(admin.id))).toEqual([true, true])
  expect(database).toContain('$argon2id$')
  expect(database).not.toContain('PRIVATE KEY')
})
