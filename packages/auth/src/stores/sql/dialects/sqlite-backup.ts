import { open, rename, rm } from 'node:fs/promises'
import type { Database } from 'better-sqlite3'
import { StartupError } from '../../../base/startup-error.ts'

/** What is copied at a time; others get their turn in between. */
const pagesAtOnce = 1000

/**
 * Copies an open database into a new file, readable by its owner only. The copy is whole or not
 * there. It names no ledger: a server that starts on it makes a name, so that no verifier takes
 * it for the one it has followed.
 *
 * @throws {StartupError} when there is such a file, or it cannot be made.
 */
export async function backUpSqlite(
  database: Database,
  path: string,
  onProgress: (share: number) => void,
): Promise<void> {
  const unfinished = `${path}.unfinished`
  await requireNew(path)
  await makeFile(unfinished)
  try {
    await database.backup(unfinished, {
      progress({ totalPages, remainingPages }) {
        onProgress(totalPages === 0 ? 0 : 1 - remainingPages / totalPages)
        return pagesAtOnce
      },
    })
    await finish(unfinished)
    await rename(unfinished, path)
    onProgress(1)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

async function requireNew(path: string): Promise<void> {
  const file = await open(path, 'r').catch(() => null)
  if (!file) return
  await file.close()
  throw new StartupError([
    `There is a file ${path} already. Give another name; nothing was copied.`,
  ])
}

async function makeFile(path: string): Promise<void> {
  try {
    const file = await open(path, 'w', 0o600)
    await file.close()
  } catch (cause) {
    throw new StartupError(
      [`The file ${path} cannot be made. Make its folder, or make it writable for this process.`],
      { cause },
    )
  }
}

/** Checks the copy, and makes one file of it. */
async function finish(path: string): Promise<void> {
  const { default: BetterSqlite } = await import('better-sqlite3')
  const copy = new BetterSqlite(path)
  try {
    copy.pragma('journal_mode = DELETE')
    copy.exec("DELETE FROM installation WHERE name = 'feed-id'")
    const found = copy.pragma('integrity_check', { simple: true })
    if (found !== 'ok') throw new StartupError([`The copy is damaged: ${String(found)}.`])
  } finally {
    copy.close()
  }
}
