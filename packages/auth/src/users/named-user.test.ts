import { beforeAll, expect, test } from 'vitest'
import type { Stores } from '../model/stores.ts'
import type { User } from '../model/user.ts'
import { silentLogger } from '../ports/logger.ts'
import { openSqlStores } from '../stores/sql/open-sql-stores.ts'
import { sampleUser } from '../testing/contracts/samples.ts'
import { findNamedUser } from './named-user.ts'

const id = 'usr_AbCdEfGhIjKlMnOpQrStUv'
const ada: User = {
  ...sampleUser('ada'),
  id,
  email: 'Ada@example.com',
  emailKey: 'ada@example.com',
  username: 'ada',
}

let stores: Stores
beforeAll(async () => {
  stores = await openSqlStores({ url: 'sqlite::memory:', log: silentLogger })
  await stores.users.create(ada)
  return () => stores.close()
})

test.each([
  ['id', id],
  ['e-mail address', 'ada@example.com'],
  ['e-mail address in other letters', ' ADA@Example.com '],
  ['username', 'ada'],
  ['username in other letters', 'ADA'],
])('a user is found by %s', async (_how, text) => {
  expect(await findNamedUser(stores, text)).toEqual(ada)
})

test.each(['', 'nobody', 'usr_', 'a b', 'ada@', 'usr_xxxxxxxxxxxxxxxxxxxxxx'])(
  'nobody is called "%s"',
  async (text) => {
    expect(await findNamedUser(stores, text)).toBeNull()
  },
)

test('a username that looks like the id of a deleted user does not answer to it', async () => {
  const gone = 'usr_GoNeGoNeGoNeGoNeGoNe12'
  const eve = { ...sampleUser('eve'), username: gone.toLowerCase() }
  await stores.users.create(eve)
  expect(await findNamedUser(stores, gone)).toBeNull()
  expect(await findNamedUser(stores, eve.emailKey)).toEqual(eve)
})
