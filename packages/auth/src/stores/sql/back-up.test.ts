import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Stores } from '../../model/stores.ts'
import { silentLogger } from '../../ports/logger.ts'
import { sampleUser } from '../../testing/contracts/samples.ts'
import { backUpSql } from './back-up.ts'
import { openSqlStores } from './open-sql-stores.ts'

let folder: string
let stores: Stores
const at = (name: string) => join(folder, name)
const options = (name: string) => ({ url: `sqlite:${at(name)}`, log: silentLogger })
const backUp = (to = at('copy.db')) => backUpSql(options('c.db'), to, () => {})

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-backup-'))
  stores = await openSqlStores(options('c.db'))
  await stores.users.create(sampleUser('ada'))
  await stores.installation.putIfAbsent('feed-id', 'of the first')
})
afterEach(async () => {
  await stores.close()
  rmSync(folder, { recursive: true })
})

test('a copy of an open database has everything, in one file for its owner', async () => {
  await backUp()
  expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual(['copy.db'])
  expect(statSync(at('copy.db')).mode & 0o777).toBe(0o600)
  const copy = await openSqlStores(options('copy.db'))
  expect(await copy.users.find(sampleUser('ada').id)).toMatchObject({ email: 'ada@example.com' })
  await copy.close()
})

test('a copy goes on while others write, and is of one moment', async () => {
  const database = new BetterSqlite(at('c.db'))
  database.exec(`CREATE TABLE filler (text); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL
    SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO filler SELECT hex(randomblob(200)) FROM n`)
  database.close()
  const shares: number[] = []
  const copying = backUpSql(options('c.db'), at('copy.db'), (share) => void shares.push(share))
  for (let index = 0; index < 20; index += 1) {
    await stores.users.create(sampleUser(`u${index}`))
  }
  await copying
  expect(shares.length).toBeGreaterThan(3)
  expect(shares.at(-1)).toBe(1)
  const copy = new BetterSqlite(at('copy.db'))
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
  copy.close()
})

test('whoever starts on a copy has a ledger of another name', async () => {
  await backUp()
  const copy = await openSqlStores(options('copy.db'))
  expect(await copy.installation.get('feed-id')).toBeNull()
  await copy.close()
  expect(await stores.installation.get('feed-id')).toBe('of the first')
})

test('a file that is there is not written over', async () => {
  writeFileSync(at('copy.db'), 'precious')
  await expect(backUp()).rejects.toThrow(/There is a file .*copy\.db already/)
})

test('into a folder that is not there nothing is copied', async () => {
  await expect(backUp(at('nowhere/copy.db'))).rejects.toThrow(/cannot be made/)
})

test('of no database there is no copy', async () => {
  const copying = backUpSql(options('other.db'), at('copy.db'), () => {})
  await expect(copying).rejects.toThrow(/There is no database/)
  expect(existsSync(at('copy.db'))).toBe(false)
})
