import { afterAll, beforeAll, test } from 'vitest'
import { type Authority, type AuthorityOptions, openAuthority } from './authority.ts'
import { cases } from './cases/all.ts'

// Passwords are hashed as in production. Each case calls from an address of its own, so that no
// limit of another is in its way.

const options: AuthorityOptions = { hashesPasswords: true }
let shared: Authority

beforeAll(async () => {
  shared = await openAuthority(options)
})
afterAll(() => shared.close())

for (const { name, needsOwn = false, run } of cases) {
  test(name, async () => {
    const authority = needsOwn ? await openAuthority(options) : shared
    await run({ ...authority, call: authority.from() })
    if (needsOwn) await authority.close()
  })
}
