import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { silentLogger } from '../packages/auth/src/ports/logger.ts'
import { migrateSql } from '../packages/auth/src/stores/sql/open-sql-stores.ts'
import { anyTestServer, emptyDatabase, makeDatabase } from './postgres-server/test-databases.ts'

/** Where an authority of a test keeps everything. */
export interface TestDatabase {
  readonly url: string
  remove(): void
}

/** A kind of database that authorities are tested on. */
export interface TestStore {
  readonly name: string
  /** Makes an empty one. */
  make(): Promise<TestDatabase>
}

export const sqliteFile: TestStore = {
  name: 'SQLite',
  async make() {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'))
    return {
      url: `sqlite:${join(folder, 'countersign.db')}`,
      remove: () => rmSync(folder, { recursive: true, force: true }),
    }
  },
}

// The server goes with the run of the tests, and its databases with it. To make one takes longer
// than to empty one.
const spare: string[] = []

const postgres: TestStore = {
  name: 'PostgreSQL',
  async make() {
    const url = spare.pop() ?? (await makeMigrated())
    await emptyDatabase(url)
    return { url, remove: () => void spare.push(url) }
  },
}

async function makeMigrated(): Promise<string> {
  const url = await makeDatabase(anyTestServer())
  await migrateSql({ url, log: silentLogger })
  return url
}

declare module 'vitest' {
  interface ProvidedContext {
    store: 'sqlite' | 'postgres'
  }
}

/** What this run of a test is for. */
export function givenStore(): TestStore {
  return inject('store') === 'postgres' ? postgres : sqliteFile
}

/** Of an SQLite database. */
export function pathOf(url: string): string {
  return url.slice('sqlite:'.length)
}
