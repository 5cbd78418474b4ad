import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { leaks } from './vault.ts'

// Whether a secret that was left behind would be found.

const password = 'violet-harbour-1-lantern'
const token = `rt1_${Buffer.alloc(65, 'some random bytes').toString('base64url')}`
const secret = Buffer.alloc(32, 'application secret').toString('hex')
const vault = new Set([password, token, secret])

let folder: string
let databasePath: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-vault-'))
  databasePath = join(folder, 'x.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function keep(...values: (string | Buffer)[]): void {
  const database = new Database(databasePath)
  database.exec('create table kept (value)')
  for (const value of values) database.prepare('insert into kept values (?)').run(value)
  database.close()
}

test('nothing is found where nothing was left', async () => {
  keep('violet-harbour-2-lantern', Buffer.from('other bytes'))
  expect(
    await leaks(vault, { text: 'a line without secrets', url: `sqlite:${databasePath}` }),
  ).toEqual([])
})

test('a secret in a log line is found', async () => {
  keep()
  expect(
    await leaks(vault, { text: `login with ${password}`, url: `sqlite:${databasePath}` }),
  ).toEqual([password])
})

test.each([
  ['as text', password, password],
  ['as base64url', Buffer.from(password).toString('base64url'), password],
  ['across the pages of a long text', 'x'.repeat(4050) + password.repeat(2), password],
  ['as bytes of a token', Buffer.from(token.slice(4), 'base64url').subarray(21, 53), token],
  ['as bytes of the application secret', Buffer.from(secret, 'hex'), secret],
])('a secret in the database is found %s', async (_, value, found) => {
  keep(value)
  expect(await leaks(vault, { text: '', url: `sqlite:${databasePath}` })).toEqual([found])
})

test('a secret in a deleted row is found in the bytes of the file', async () => {
  keep(password)
  const database = new Database(databasePath)
  database.exec('pragma secure_delete = off; delete from kept')
  database.close()
  expect(await leaks(vault, { text: '', url: `sqlite:${databasePath}` })).toEqual([password])
})
