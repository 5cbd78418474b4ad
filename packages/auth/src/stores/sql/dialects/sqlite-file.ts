import { constants } from 'node:fs'
import { access, mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StartupError } from '../../../base/startup-error.ts'

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
  if (!entry && !mayCreate) {
    throw new StartupError([`There is no database at ${path}. Run \`countersign migrate\` first.`])
  }
  if (!entry) await createFile(path)
  await requireAccess(path)
}

async function createFile(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    // 'a' and not 'wx': another process that starts now may have made it in between.
    const file = await open(path, 'a', 0o600)
    await file.close()
  } catch (cause) {
    throw new StartupError(
      [
        `The database file ${path} cannot be made (${reason(cause)}). Make its folder writable for this process, or give another path.`,
      ],
      { cause },
    )
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
