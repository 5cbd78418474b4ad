import { strict as assert } from 'node:assert'
import type { User } from '../../model/user.ts'
import { hostileTexts, impossibleTexts, sampleUser } from './samples.ts'
import { type StoreCase, storeCase } from './store-case.ts'

const ada = sampleUser('ada')

/** How users are listed and searched. */
export const userLists: readonly StoreCase[] = [
  storeCase('users are listed oldest first, then by id', async ({ users }) => {
    await users.create(sampleUser('b', { createdAt: 2000 }))
    await users.create(sampleUser('c', { createdAt: 1000 }))
    await users.create(sampleUser('a', { createdAt: 2000 }))
    assert.deepEqual(emails(await users.list({ limit: 10 })), ['c', 'a', 'b'])
  }),

  storeCase('pages follow each other without gap or repeat', async ({ users }) => {
    const names = 'abcdefg'.split('')
    for (const [index, name] of names.entries()) {
      await users.create(sampleUser(name, { createdAt: 1000 + Math.floor(index / 3) }))
    }
    const seen: User[] = []
    let page = await users.list({ limit: 2 })
    // A store that repeats itself would go on for ever.
    while (page.length > 0 && seen.length <= names.length) {
      assert.ok(page.length <= 2)
      seen.push(...page)
      page = await users.list({ limit: 2, after: page.at(-1) as User })
    }
    assert.deepEqual(emails(seen), names)
  }),

  storeCase('a search looks in e-mail address, username and name', async ({ users }) => {
    await users.create(sampleUser('a', { email: 'a@needle.example' }))
    await users.create(sampleUser('b', { username: 'the_needle' }))
    await users.create(sampleUser('c', { name: 'Nadia Needleman' }))
    await users.create(sampleUser('d', { name: 'Hay Stack', username: 'hay' }))
    const found = await users.list({ search: 'needle', limit: 10 })
    assert.deepEqual(
      found.map(({ emailKey }) => emailKey[0]),
      ['a', 'b', 'c'],
    )
  }),

  storeCase('a search ignores case, in every script', async ({ users }) => {
    await users.create(sampleUser('a', { name: 'Ärger Ωmega', email: 'A@EXAMPLE.com' }))
    for (const search of ['ÄRGER', 'ärger', 'ωMEGA', 'a@example.COM']) {
      assert.equal((await users.list({ search, limit: 10 })).length, 1, search)
    }
  }),

  storeCase('a search finds a name that was changed, by the new one only', async ({ users }) => {
    await users.create({ ...ada, name: 'Ada Byron' })
    await users.update(ada.id, { name: 'Ada King', updatedAt: 2000 })
    assert.equal((await users.list({ search: 'king', limit: 10 })).length, 1)
    assert.equal((await users.list({ search: 'byron', limit: 10 })).length, 0)
  }),

  storeCase('wildcards in a search mean themselves', async ({ users }) => {
    await users.create(sampleUser('plain', { name: 'plain' }))
    for (const name of ['100%', 'a_b', 'back\\slash', '[x]', "O'Neil"]) {
      const user = sampleUser(`u${name.length}`, { name })
      await users.create(user)
      assert.deepEqual(await users.list({ search: name, limit: 10 }), [user], name)
      await users.delete(user.id, 2000)
    }
    for (const search of ['%', '_____', 'pl%n', '*', '\\']) {
      assert.deepEqual(await users.list({ search, limit: 10 }), [], search)
    }
  }),

  storeCase('a hostile search is only a search', async ({ users }) => {
    await users.create(ada)
    for (const search of [...hostileTexts, ...impossibleTexts, '%'.repeat(60_000)]) {
      const expected = 'ada@example.com'.includes(search) ? [ada] : []
      assert.deepEqual(await users.list({ search, limit: 10 }), expected)
    }
  }),

  storeCase('users are listed by role, status and both', async ({ users }) => {
    await users.create(sampleUser('a', { roles: ['admin'] }))
    await users.create(sampleUser('b', { roles: ['admin'], status: 'blocked' }))
    await users.create(sampleUser('c', { status: 'blocked' }))
    const lists = [
      await users.list({ role: 'admin', limit: 10 }),
      await users.list({ status: 'blocked', limit: 10 }),
      await users.list({ role: 'admin', status: 'blocked', limit: 10 }),
      await users.list({ role: 'ghost', limit: 10 }),
    ]
    assert.deepEqual(lists.map(emails), [['a', 'b'], ['b', 'c'], ['b'], []])
  }),

  storeCase('a page of a search follows the page before', async ({ users }) => {
    for (const name of ['a', 'b', 'c']) await users.create(sampleUser(name, { name: 'Smith' }))
    await users.create(sampleUser('d', { name: 'Jones' }))
    const after = await users.find(sampleUser('a').id)
    const page = await users.list({ search: 'smith', after: after as User, limit: 5 })
    assert.deepEqual(emails(page), ['b', 'c'])
  }),
]

function emails(users: readonly User[]): string[] {
  return users.map(({ email }) => email.replace('@example.com', ''))
}
