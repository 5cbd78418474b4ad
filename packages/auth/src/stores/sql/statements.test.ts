import BetterSqlite from 'better-sqlite3'
import { Kysely } from 'kysely'
import { expect, test } from 'vitest'
import { sampleRotation, sampleSession, sampleUser } from '../../testing/contracts/samples.ts'
import { sqliteStatements } from './dialects/sqlite-dialect.ts'
import { SqliteDriver, sqliteDialect } from './dialects/sqlite-driver.ts'
import { createDoorbell } from './doorbell.ts'
import { migrateToLatest } from './migrate.ts'
import { sqlRoles } from './roles.ts'
import { sqlSessions } from './sessions.ts'
import type { Tables } from './tables.ts'
import { sqlUsers } from './users.ts'

const ada = sampleUser('ada')
const session = sampleSession('one', ada)

/** Stores in memory that tell how SQLite looks for what a statement asks. */
async function watchedStores() {
  const file = new BetterSqlite(':memory:')
  const statements: string[] = []
  const db = new Kysely<Tables>({
    dialect: sqliteDialect(new SqliteDriver(file, 0)),
    log: ({ query }) => {
      statements.push(query.sql)
    },
  })
  const database = { dialect: sqliteStatements, db, reserved: db, unhurried: db }
  await migrateToLatest(database)
  const ledger = { ...database, doorbell: createDoorbell() }
  return {
    users: sqlUsers(ledger),
    sessions: sqlSessions(ledger),
    roles: sqlRoles(ledger),
    /** The steps of the plans of everything that `work` runs. */
    async plansOf(work: () => Promise<unknown>): Promise<string[]> {
      statements.length = 0
      await work()
      return statements
        .filter((statement) => /^(select|update|delete)/i.test(statement))
        .flatMap((statement) => planOf(file, statement))
    },
  }
}

function planOf(database: BetterSqlite.Database, statement: string): string[] {
  const parameters = Array.from(statement.matchAll(/\?/g), () => null)
  const rows = database.prepare(`EXPLAIN QUERY PLAN ${statement}`).all(...parameters)
  return (rows as { detail: string }[]).map(({ detail }) => detail)
}

type Watched = Awaited<ReturnType<typeof watchedStores>>

const lookups: Readonly<Record<string, (stores: Watched) => Promise<unknown>>> = {
  'a session by id': ({ sessions }) => sessions.find('x'),
  'a session with its user': ({ sessions }) => sessions.findWithUser('x'),
  'the session to rotate': ({ sessions }) => sessions.rotate(sampleRotation(session)),
  'the session to end': ({ sessions }) => sessions.end('x', 'logout', 1),
  'the sessions of a user to end': ({ sessions }) =>
    sessions.endOthersOfUser('x', { reason: 'logout', at: 1, except: 'y' }),
  'the active sessions of a user': ({ sessions }) => sessions.listActive('x'),
  'every session of a user': ({ sessions }) => sessions.listOfUser('x'),
  'the sessions beyond the limit': async ({ sessions, users }) => {
    await users.create(ada)
    await sessions.create(session, 5)
  },
  'the sessions to sweep': ({ sessions }) => sessions.deleteExpired(1),
  'a user by id': ({ users }) => users.find('x'),
  'a user by e-mail key': ({ users }) => users.findByEmailKey('x'),
  'a user by username': ({ users }) => users.findByUsername('x'),
  'who is in the way of a batch': async ({ users }) => {
    await users.create({ ...ada, username: 'x' })
    await users.createMany([sampleUser('bob', { emailKey: ada.emailKey, username: 'x' })])
  },
  'a user to update': async ({ users }) => {
    await users.create(ada)
    await users.update(ada.id, { username: 'x', status: 'blocked', roles: [], updatedAt: 1 })
  },
  'a user to delete': ({ users }) => users.delete('x', 2000),
  'permissions of roles': ({ roles }) => roles.permissionsOf(['x', 'y']),
}

test.each(Object.entries(lookups))('%s is found by an index', async (_, lookup) => {
  const stores = await watchedStores()
  const plans = await stores.plansOf(() => lookup(stores))
  expect(plans).toEqual(expect.arrayContaining([expect.stringMatching(/^SEARCH/)]))
  // What a statement brings along is no table.
  const ownRows = ['SCAN CONSTANT ROW', 'SCAN listed']
  const scans = plans.filter((step) => step.startsWith('SCAN') && !ownRows.includes(step))
  expect(scans).toEqual([])
})

test('a page of users is read in the order of an index, from where the last one ended', async () => {
  const stores = await watchedStores()
  const after = { createdAt: 1, id: 'x' }
  const plans = await stores.plansOf(() => stores.users.list({ limit: 10, after }))
  expect(plans).toContain('SEARCH users USING INDEX users_by_creation ((created_at,id)>(?,?))')
  expect(plans.join()).not.toContain('TEMP B-TREE FOR ORDER BY')
})

test('the sweep uses both of its indexes, in their order', async () => {
  const stores = await watchedStores()
  const plans = await stores.plansOf(() => stores.sessions.deleteExpired(1))
  expect(plans.join()).toContain('sessions_by_expiry_day')
  expect(plans.join()).toContain('sessions_by_end')
  expect(plans.join()).not.toContain('TEMP B-TREE FOR ORDER BY')
})

test('a rotation is one statement', async () => {
  const stores = await watchedStores()
  const plans = await stores.plansOf(() => stores.sessions.rotate(sampleRotation(session)))
  expect(plans.filter((step) => step.includes(' sessions '))).toHaveLength(1)
})

test('a sweep of more rows than one batch removes and counts all', async () => {
  const { users, sessions } = await watchedStores()
  for (let number = 0; number < 201; number++) {
    const user = sampleUser(`u${number}`)
    await users.create(user)
    for (const name of 'abcdefghij') {
      await sessions.create(sampleSession(`${name}${number}`, user), 10)
    }
  }
  expect(await sessions.deleteExpired(5000)).toBe(2010)
})
