import { afterAll, beforeAll, describe, test } from 'vitest'
import { type Authority, type AuthorityOptions, openAuthority } from './authority.ts'
import { cases } from './cases/all.ts'
import { bare, mounts } from './mounts.ts'

// The promises of endpoints.test.ts, kept through every other mount.

const others = mounts.filter((mount) => mount !== bare)

describe.each(others)('$name:', (mount) => {
  const options: AuthorityOptions = { mount }
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
