import BetterSqlite from 'better-sqlite3'
import { Kysely, sql } from 'kysely'
import { expect, test } from 'vitest'
import { sampleSession, sampleUser } from '../../testing/contracts/samples.ts'
import { SqliteDriver, sqliteDialect } from './dialects/sqlite-driver.ts'
import { migrateToLatest } from './migrate.ts'
import { sqlRoles } from './roles.ts'
import { sqlSessions } from './sessions.ts'
import type { Tables } from './tables.ts'
import { sqlUsers } from './users.ts'

/** Stores in memory, and a way to make their later writes to one table fail. */
async function fragileStores() {
  const database = new BetterSqlite(':memory:')
  const db = new Kysely<Tables>({ dialect: sqliteDialect(new SqliteDriver(database, 1000)) })
  await migrateToLatest({ db })
  return {
    users: sqlUsers({ db, contains: () => sql<boolean>`1` }),
    sessions: sqlSessions({ db }),
    roles: sqlRoles({ db }),
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
  await roles.put(editor)
  breakWrites('INSERT', 'user_roles')
  await expect(users.create(ada)).rejects.toThrow('broken')
  expect(await users.find(ada.id)).toBeNull()
})

test('a user whose roles cannot be replaced does not change', async () => {
  const { users, roles, breakWrites } = await fragileStores()
  await roles.put(editor)
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
  ['UPDATE', 'users'],
] as const)('a role does not change when the %s of %s fails', async (event, table) => {
  const { users, roles, breakWrites } = await fragileStores()
  await roles.put(editor)
  await users.create(ada)
  breakWrites(event, table)
  const next = { name: 'editor', permissions: ['posts:read'] }
  await expect(roles.put(next)).rejects.toThrow('broken')
  expect(await roles.find('editor')).toEqual(editor)
  expect(await users.find(ada.id)).toEqual(ada)
})

test('a role that cannot be deleted leaves tokens alive', async () => {
  const { users, roles, breakWrites } = await fragileStores()
  await roles.put(editor)
  await users.create(ada)
  breakWrites('DELETE', 'roles')
  await expect(roles.delete('editor')).rejects.toThrow('broken')
  expect(await users.find(ada.id)).toEqual(ada)
})
