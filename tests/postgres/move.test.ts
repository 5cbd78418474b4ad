import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLogger } from '../../packages/auth/src/ports/logger.ts'
import { moveDatabase } from '../../packages/auth/src/stores/sql/move-database.ts'
import { movedTables } from '../../packages/auth/src/stores/sql/move-tables.ts'
import { migrateSql, openSqlStores } from '../../packages/auth/src/stores/sql/open-sql-stores.ts'
import { openAuthority } from '../http/authority.ts'
import { refreshWith, signUp, statusOf, tokensOf } from '../http/people.ts'
import { anyTestServer, makeDatabase, runOn } from '../postgres-server/test-databases.ts'

let folder: string
let from: string
let to: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-move-'))
  from = `sqlite:${join(folder, 'c.db')}`
  to = await makeDatabase(anyTestServer())
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const options = (url: string) => ({ url, log: silentLogger })
const move = () => moveDatabase({ from: options(from), to: options(to) }, () => {})

/** Users with sessions and roles, more than fit into one batch. */
async function fill(users: number): Promise<void> {
  await (await openSqlStores(options(from))).close()
  const database = new BetterSqlite(folder + '/c.db')
  database.exec(`
    INSERT INTO roles (name) VALUES ('editor');
    INSERT INTO role_permissions VALUES ('editor', 'posts:write');
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${users})
    INSERT INTO users SELECT 'usr_' || i, 'Ü' || i || '@example.com', 'u' || i || '@example.com',
      'ü' || i || '@example.com', i % 2, NULL, 'Name ' || i, 'name ' || i, '$argon2id$x', 'active',
      i, 0, 1000 + i, 1000 + i FROM n;
    INSERT INTO user_roles SELECT id, 'editor' FROM users WHERE token_version % 3 = 0;
    INSERT INTO sessions (id, user_id, status, auth_version, generation, generations, created_at,
      last_used_at, expires_at, max_expires_at, ended_at, end_reason, auth_methods, ip, user_agent)
    SELECT 'ses_' || id, id, 'active', 0, 3, randomblob(80), 1000, 1000, 9000, 9000, NULL, NULL,
      '["pwd"]', '192.0.2.1', 'a ''quoted'' agent' FROM users;
  `)
  database.close()
}

test('everything arrives as it was, and the counts say so', async () => {
  await fill(2500)
  const seen: number[] = []
  const report = await moveDatabase(
    { from: options(from), to: options(to) },
    ({ table, rows }) => void (table === 'users' && seen.push(rows)),
  )
  expect(Object.fromEntries(report)).toMatchObject({ users: 2500, sessions: 2500, roles: 2 })
  expect(seen).toEqual([0, 1000, 2000, 2500])
  const { rows } = await runOn(to, 'SELECT count(*) FROM countersign.user_roles')
  expect(rows).toEqual([{ count: '833' }])
})

test('a move that was interrupted goes on', async () => {
  await fill(2500)
  let calls = 0
  const interrupted = moveDatabase({ from: options(from), to: options(to) }, ({ table }) => {
    if (table === 'sessions' && ++calls === 3) throw new Error('the power went')
  })
  await expect(interrupted).rejects.toThrow('the power went')
  const { rows } = await runOn(to, 'SELECT count(*) FROM countersign.sessions')
  expect(rows).toEqual([{ count: '2000' }])
  expect((await move()).get('sessions')).toBe(2500)
})

test('what did not arrive as it was sent is noticed', async () => {
  await fill(10)
  await migrateSql(options(to))
  await runOn(
    to,
    `CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.id = 'usr_7' THEN NEW.status = 'blocked'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER spoil BEFORE INSERT ON countersign.users
      FOR EACH ROW EXECUTE FUNCTION public.spoil()`,
  )
  const spoilt = move()
  await expect(spoilt).rejects.toThrow(/users did not arrive/)
})

test('a database that is in use is not moved into', async () => {
  await fill(10)
  const stores = await openSqlStores(options(to))
  await stores.installation.putIfAbsent('feed-id', 'of another')
  await stores.close()
  await expect(move()).rejects.toThrow(/in use already/)
})

test('a database that is behind is not moved from', async () => {
  await fill(10)
  const database = new BetterSqlite(join(folder, 'c.db'))
  database.exec("DELETE FROM countersign_migrations WHERE name LIKE '0006-%'")
  database.close()
  await expect(move()).rejects.toThrow(/countersign migrate/)
})

test('no table is forgotten', async () => {
  await fill(1)
  const database = new BetterSqlite(join(folder, 'c.db'))
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all() as string[]
  database.close()
  const left = ['counters', 'countersign_migrations', 'verifiers']
  const moved = movedTables.map(({ name }) => name)
  expect(new Set(tables)).toEqual(new Set([...moved, ...left]))
})

test('sessions go on where they were moved to, and keys, roles and passwords with them', async () => {
  const before = await openAuthority({ database: from })
  const person = await signUp(before.from())
  await before.auth.close()
  await move()

  const after = await openAuthority({ database: to, ports: { clock: before.clock } })
  const call = after.from()
  expect(await statusOf(call, person.accessToken)).toMatchObject({ status: 200 })
  expect(tokensOf(await refreshWith(call, person.refreshToken)).accessToken).not.toBe(
    person.accessToken,
  )
  const { email, password } = person
  expect((await call('POST /login', { body: { email, password } })).status).toBe(200)
  await after.auth.close()
})
