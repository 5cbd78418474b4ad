import { expect, test } from 'vitest'
import { type Authority, openAuthority } from './authority.ts'
import { codeOf, signInAs, signUp } from './people.ts'

/** Whether the sixth guess waits, when each comes with the next of these headers. */
async function sharesOneCount(
  authority: Authority,
  headersOf: (index: number) => Record<string, string>,
): Promise<boolean> {
  const call = authority.from()
  const codes = []
  for (const index of [0, 1, 2, 3, 4, 5]) {
    const body = { identifier: 'somebody', password: 'not-the-password' }
    codes.push(codeOf(await call('POST /login', { body, headers: headersOf(index) })))
  }
  return codes[5] === 'RATE_LIMITED'
}

const spoofed = (index: number) => `198.51.${index}.7`

test('without a trusted proxy no header changes who is counted (lesson 16)', async () => {
  for (const headersOf of [
    (index: number) => ({ 'x-forwarded-for': spoofed(index) }),
    (index: number) => ({ 'x-forwarded-for': '', forwarded: `for=${spoofed(index)}` }),
    (index: number) => ({ 'x-forwarded-for': '', 'x-real-ip': spoofed(index) }),
    (index: number) => ({ 'x-forwarded-for': '', 'cf-connecting-ip': spoofed(index) }),
    (index: number) => ({ 'x-forwarded-for': '', 'true-client-ip': spoofed(index) }),
    (index: number) => ({ 'x-forwarded-for': '', 'x-client-ip': spoofed(index) }),
  ]) {
    const authority = await openAuthority({ trustProxy: 'none' })
    expect(await sharesOneCount(authority, headersOf)).toBe(true)
    await authority.close()
  }
})

test('behind one proxy the last address counts, and what a caller wrote before it does not (lesson 16)', async () => {
  const authority = await openAuthority({ trustProxy: '1' })
  const prefixed = (index: number) => ({ 'x-forwarded-for': `${spoofed(index)}, 203.0.113.9` })
  expect(await sharesOneCount(authority, prefixed)).toBe(true)
  const others = (index: number) => ({ 'x-forwarded-for': `203.0.113.9, ${spoofed(index)}` })
  expect(await sharesOneCount(authority, others)).toBe(false)
  await authority.close()
})

test('behind two proxies the last address but one counts', async () => {
  const authority = await openAuthority({ trustProxy: '2' })
  const own = (index: number) => ({
    'x-forwarded-for': `${spoofed(index)}, 203.0.113.9, 10.0.0.${index}`,
  })
  expect(await sharesOneCount(authority, own)).toBe(true)
  await authority.close()
})

test('a list of proxies trusts those addresses and no others', async () => {
  const own = (index: number) => ({ 'x-forwarded-for': spoofed(index) })
  const trusting = await openAuthority({ trustProxy: '127.0.0.0/8' })
  expect(await sharesOneCount(trusting, own)).toBe(false)
  await trusting.close()
  const wary = await openAuthority({ trustProxy: '10.0.0.0/8' })
  expect(await sharesOneCount(wary, own)).toBe(true)
  await wary.close()
})

test('a session shows the address that counts, never one the caller made up (lesson 25)', async () => {
  const authority = await openAuthority({ trustProxy: 'none' })
  const call = authority.from('198.51.100.66')
  const { accessToken: token } = await signInAs(call, await signUp(call))
  const { body } = await call('GET /sessions', { token })
  const { sessions } = body as { sessions: { ip: string }[] }
  expect(sessions.map(({ ip }) => ip)).toEqual(['127.0.0.1', '127.0.0.1'])
  await authority.close()
})
