import { constants } from 'node:fs'
import { access, mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StartupError } from '../../../base/startup-error.ts'
import { notADatabase } from './sqlite-failures.ts'

/** One page of the smallest size, in bytes. */
const smallestDatabase = 512

/**
 * Makes sure of a file that this process may read and write, in a folder where SQLite may
 * keep the journal. What is missing is made for this user alone, if it may be made; what
 * exists is not changed.
 *
 * @throws {StartupError} when there is no such file and it cannot or may not be made.
 */
export async function prepareSqliteFile(
  path: string,
  { mayCreate }: { mayCreate: boolean },
): Promise<void> {
  const entry = await stat(path).catch(() => null)
  if (entry && !entry.isFile()) {
    throw new StartupError([
      `The database path ${path} is not a file. Give the path of a file, as in sqlite:./data/countersign.db.`,
    ])
  }
  // SQLite takes a file shorter than a page for an empty database and would write over it.
  if (entry && entry.size > 0 && entry.size < smallestDatabase) {
    throw new StartupError([notADatabase(path)])
  }
  if (!entry && !mayCreate) {
    throw new StartupError([`There is no database at ${path}. Run \`countersign migrate\` first.`])
  }
  if (!entry) await createFile(path)
  await requireAccess(path)
}

async function createFile(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await createUnlessThere(path)
  } catch (cause) {
    throw new StartupError(
      [
        `The database file ${path} cannot be made (${reason(cause)}). Make its folder writable for this process, or give another path.`,
      ],
      { cause },
    )
  }
}

async function createUnlessThere(path: string): Promise<void> {
  try {
    // Never opens a file that exists: closing it would drop the locks this process has on it.
    const file = await open(path, 'wx', 0o600)
    await file.close()
  } catch (error) {
    // Another process that starts now was faster.
    if (reason(error) !== 'EEXIST') throw error
  }
}

async function requireAccess(path: string): Promise<void> {
  // SQLite would open a read-only file without a word and fail at the first write.
  for (const needed of [path, dirname(path)]) {
    await access(needed, constants.R_OK | constants.W_OK).catch((cause: unknown) => {
      throw new StartupError(
        [
          `The database needs ${needed} to be writable, and it is not (${reason(cause)}). Change its mode or owner, or give another path.`,
        ],
        { cause },
      )
    })
  }
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
}
