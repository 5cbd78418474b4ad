import { CompiledQuery, type Kysely } from 'kysely'
import type { DatabaseCondition } from '../database.ts'
import type { Tables } from '../tables.ts'

/** Reads every page of a database, and every index against its table. */
export async function examineSqlite(db: Kysely<Tables>): Promise<DatabaseCondition> {
  const [journalMode] = await pragma(db, 'journal_mode')
  const [pages] = await pragma(db, 'page_count')
  const [pageBytes] = await pragma(db, 'page_size')
  const found = await pragma(db, 'integrity_check')
  const orphans = await pragma(db, 'foreign_key_check')
  return {
    sizeBytes: Number(pages) * Number(pageBytes),
    journalMode: String(journalMode),
    serverVersion: null,
    damages: [
      ...found.map(String).filter((line) => line !== 'ok'),
      ...orphans.map((table) => `A row of ${String(table)} belongs to a row that is not there.`),
    ],
  }
}

/** The first column of what a pragma answers. */
async function pragma(db: Kysely<Tables>, name: string): Promise<unknown[]> {
  const { rows } = await db.executeQuery<Record<string, unknown>>(
    CompiledQuery.raw(`PRAGMA ${name}`),
  )
  return rows.map((row) => Object.values(row)[0])
}
