import BetterSqlite from 'better-sqlite3'
import { Kysely } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { UserChange } from '../../model/user.ts'
import { sampleSession, sampleUser } from '../../testing/contracts/samples.ts'
import { sqliteStatements } from './dialects/sqlite-dialect.ts'
import { SqliteDriver, sqliteDialect } from './dialects/sqlite-driver.ts'
import { createDoorbell } from './doorbell.ts'
import { migrateToLatest } from './migrate.ts'
import { sqlRoles } from './roles.ts'
import { sqlSessions } from './sessions.ts'
import type { Tables } from './tables.ts'
import { sqlUsers } from './users.ts'

/** Stores in memory, and a way to make their later writes to one table fail. */
async function fragileStores() {
  const database = new BetterSqlite(':memory:')
  const db = new Kysely<Tables>({ dialect: sqliteDialect(new SqliteDriver(database, 1000)) })
  const ledger = {
    dialect: sqliteStatements,
    db,
    reserved: db,
    unhurried: db,
    doorbell: createDoorbell(),
  }
  await migrateToLatest(ledger)
  return {
    users: sqlUsers(ledger),
    sessions: sqlSessions(ledger),
    roles: sqlRoles(ledger),
    breakWrites(event: 'INSERT' | 'UPDATE' | 'DELETE', table: keyof Tables) {
      database.exec(`CREATE TRIGGER broken BEFORE ${event} ON ${table}
        BEGIN SELECT RAISE(ABORT, 'broken'); END`)
    },
  }
}

const editor = { name: 'editor', permissions: ['posts:write'] }
const ada = sampleUser('ada', { roles: ['editor'] })

test('a user whose roles cannot be added is not added', async () => {
  const { users, roles, breakWrites } = await fragileStores()
  await roles.put(editor, 2000)
  breakWrites('INSERT', 'user_roles')
  await expect(users.create(ada)).rejects.toThrow('broken')
  expect(await users.find(ada.id)).toBeNull()
})

test('a user whose roles cannot be replaced does not change', async () => {
  const { users, roles, breakWrites } = await fragileStores()
  await roles.put(editor, 2000)
  await users.create(ada)
  breakWrites('INSERT', 'user_roles')
  const change = { name: 'Ada', roles: ['admin'], updatedAt: 2000 }
  await expect(users.update(ada.id, change)).rejects.toThrow('broken')
  expect(await users.find(ada.id)).toEqual(ada)
})

test('a session is not added when those beyond the limit cannot end', async () => {
  const { users, sessions, breakWrites } = await fragileStores()
  const bob = sampleUser('bob')
  await users.create(bob)
  await sessions.create(sampleSession('old', bob), 1)
  breakWrites('UPDATE', 'sessions')
  await expect(sessions.create(sampleSession('new', bob), 1)).rejects.toThrow('broken')
  expect(await sessions.listActive(bob.id)).toEqual([sampleSession('old', bob)])
})

test.each([
  ['INSERT', 'role_permissions'],
  ['UPDATE', 'role_clock'],
  ['UPDATE', 'roles'],
  ['INSERT', 'revocations'],
] as const)('a role does not change when the %s of %s fails', async (event, table) => {
  const { users, roles, breakWrites } = await fragileStores()
  await roles.put(editor, 2000)
  await users.create(ada)
  breakWrites(event, table)
  const next = { name: 'editor', permissions: ['posts:read'] }
  await expect(roles.put(next, 2000)).rejects.toThrow('broken')
  expect(await roles.find('editor')).toEqual(editor)
  expect(await users.find(ada.id)).toEqual(ada)
})

describe('what cannot be written in the ledger does not happen', () => {
  async function signedIn() {
    const stores = await fragileStores()
    const bob = sampleUser('bob')
    const session = sampleSession('one', bob)
    await stores.users.create(bob)
    await stores.sessions.create(session, 1)
    stores.breakWrites('INSERT', 'revocations')
    return { ...stores, bob, session }
  }

  test('a session does not end', async () => {
    const { sessions, bob, session } = await signedIn()
    await expect(sessions.end(session.id, 'logout', 1500)).rejects.toThrow('broken')
    expect(await sessions.listActive(bob.id)).toEqual([session])
  })

  test('the sessions of a user do not end', async () => {
    const { sessions, bob, session } = await signedIn()
    const input = { reason: 'logout_everywhere', at: 1500, except: 'ses_other' } as const
    await expect(sessions.endOthersOfUser(bob.id, input)).rejects.toThrow('broken')
    expect(await sessions.listActive(bob.id)).toEqual([session])
  })

  test('nobody takes the place of a session beyond the limit', async () => {
    const { sessions, bob, session } = await signedIn()
    await expect(sessions.create(sampleSession('two', bob), 1)).rejects.toThrow('broken')
    expect(await sessions.listActive(bob.id)).toEqual([session])
  })

  test('a user is not blocked', async () => {
    const { users, bob } = await signedIn()
    const change: UserChange = { status: 'blocked', raise: ['tokenVersion'], updatedAt: 1500 }
    await expect(users.update(bob.id, change)).rejects.toThrow('broken')
    expect(await users.find(bob.id)).toEqual(bob)
  })

  test('a user is not deleted', async () => {
    const { users, bob } = await signedIn()
    await expect(users.delete(bob.id, 1500)).rejects.toThrow('broken')
    expect(await users.find(bob.id)).toEqual(bob)
  })
})

test('a role that cannot be deleted leaves tokens alive', async () => {
  const { users, roles, breakWrites } = await fragileStores()
  await roles.put(editor, 2000)
  await users.create(ada)
  breakWrites('DELETE', 'roles')
  await expect(roles.delete('editor', 2000)).rejects.toThrow('broken')
  expect(await users.find(ada.id)).toEqual(ada)
})
