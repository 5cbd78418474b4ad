import { afterAll, beforeAll, describe, test } from 'vitest'
import { type Authority, type AuthorityOptions, openAuthority } from './authority.ts'
import { adminLimitCases } from './cases/admin-limits.ts'
import { administrationCases } from './cases/administration.ts'
import type { Case } from './cases/case.ts'
import { discoveryCases } from './cases/discovery.ts'
import { endingCases } from './cases/endings.ts'
import { loginCases } from './cases/login.ts'
import { logoutCases } from './cases/logout.ts'
import { profileCases } from './cases/profile.ts'
import { refreshCases } from './cases/refresh.ts'
import { registerCases } from './cases/register.ts'
import { requestCases } from './cases/requests.ts'
import { sessionCases } from './cases/sessions.ts'
import { bare, mounts } from './mounts.ts'

// One list of promises, kept through every mount. Passwords are hashed as in production in one
// of them; each case calls from an address of its own, so that no limit of another is in its way.

const cases: readonly Case[] = [
  ...registerCases,
  ...loginCases,
  ...refreshCases,
  ...logoutCases,
  ...sessionCases,
  ...endingCases,
  ...profileCases,
  ...administrationCases,
  ...adminLimitCases,
  ...discoveryCases,
  ...requestCases,
]

describe.each(mounts)('$name:', (mount) => {
  const options: AuthorityOptions = { mount, hashesPasswords: mount === bare }
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
})
