import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { openSqlite } from './sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
afterAll(() => rm(folder, { recursive: true }))

test.each([
  ['journal_mode', 'wal', 'a reader does not wait for the writer'],
  ['synchronous', 2, 'a commit is on the disk'],
  ['foreign_keys', 1, 'references hold'],
  ['trusted_schema', 0, 'what a file brings along calls nothing'],
])('%s is %s: %s', async (pragma, value, _reason) => {
  const database = await openSqlite(join(folder, 'c.db'), { busyTimeoutMs: 0, mayCreate: true })
  const { rows } = await sql.raw<Record<string, unknown>>(`PRAGMA ${pragma}`).execute(database.db)
  expect(rows).toEqual([{ [pragma]: value }])
  await database.close()
})
