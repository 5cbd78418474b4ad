import { expect, test } from 'vitest'
import type { BreachedRange } from '../ports/breached-passwords.ts'
import { silentLogger } from '../ports/logger.ts'
import { requireGoodPassword } from './password-policy.ts'

// Five characters of its SHA-1 are all that is told.
const password = 'violet-harbour-lantern'
const settings = { passwordMinLength: 8, siteName: 'example.com' }
const who = { email: 'ada@example.com', username: null, name: null, password }

function check(breachedRange: BreachedRange | null, warnings: object[] = []) {
  const log = { ...silentLogger, warn: (fields: object) => warnings.push(fields) }
  return requireGoodPassword({ settings, log, breachedRange }, who)
}

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text))
  return Buffer.from(digest).toString('hex').toUpperCase()
}

test('a password of a published breach is refused, and five characters of its hash are told', async () => {
  const hash = await hashOf(password)
  const asked: string[] = []
  const breached = check(async (prefix) => {
    asked.push(prefix)
    return `0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n${hash.slice(5)}:12`
  })
  await expect(breached).rejects.toMatchObject({
    code: 'PASSWORD_REJECTED',
    errors: [{ code: 'BREACHED' }],
  })
  expect(asked).toEqual([hash.slice(0, 5)])
})

test('one that is not there, or is padding, is fine', async () => {
  const hash = await hashOf(password)
  await check(async () => '0018A45C4D1DEF81644B54AB7F969B88D65:3')
  await check(async () => `${hash.slice(5)}:0`)
})

test('when nobody answers, the rules alone decide, and the log says so without the password', async () => {
  const warnings: object[] = []
  await check(() => Promise.reject(new Error('timeout')), warnings)
  expect(warnings).toEqual([{ event: 'password.breaches_unknown', detail: 'Error: timeout' }])
})

test('what the rules refuse is not asked about', async () => {
  const asked: string[] = []
  const range: BreachedRange = async (prefix) => {
    asked.push(prefix)
    return ''
  }
  const deps = { settings, log: silentLogger, breachedRange: range }
  await expect(requireGoodPassword(deps, { ...who, password: 'password1' })).rejects.toThrow()
  expect(asked).toEqual([])
})
