import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StartupError } from '../base/startup-error.ts'
import type { Logger } from '../ports/logger.ts'
import type { Random } from '../ports/random.ts'
import { minSecretBytes, parseApplicationSecret } from './application-secret.ts'

const ownerOnly = 0o600
const readableByGroup = 0o040
const openToOthers = 0o007

/**
 * Reads the application secret kept in a file, and makes it on the first start.
 *
 * The file appears whole or not at all, with mode 0600; of processes that start at once one
 * makes it and all use it.
 *
 * @throws {StartupError} The file cannot be made; otherwise as {@link loadSecretFile}.
 */
export function loadOrCreateSecretFile(
  deps: { readonly random: Random; readonly log: Logger },
  path: string,
): Promise<Uint8Array> {
  return aboutFile(path, async () => {
    if (!(await exists(path))) await create(deps.random, path)
    return await load(deps.log, path)
  })
}

/**
 * Reads the application secret kept in a file. Makes nothing.
 *
 * A file open to every user of the machine is refused. One readable by its group gives a
 * warning only: orchestrators mount volumes that way.
 *
 * @returns The secret; `null` when there is no such file.
 * @throws {StartupError} The file cannot be read, is open to others, or holds no good secret.
 */
export function loadSecretFile(
  deps: { readonly log: Logger },
  path: string,
): Promise<Uint8Array | null> {
  return aboutFile(path, async () => ((await exists(path)) ? await load(deps.log, path) : null))
}

async function load(log: Logger, path: string): Promise<Uint8Array> {
  await refuseOpenFile(log, path)
  return parseApplicationSecret({ name: path, text: await readFile(path, 'utf8') })
}

/** Says which file a failure is about, and what to do. */
async function aboutFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof StartupError || !isSystemError(cause)) throw cause
    throw new StartupError(
      [
        `The secret file ${path} cannot be used (${cause.code}). Mend that or set COUNTERSIGN_SECRET.`,
      ],
      { cause },
    )
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return false
    throw error
  }
}

// A link to a complete file is the one step that is atomic, never overwrites, and
// cannot leave a half-written secret behind.
async function create(random: Random, path: string): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = `${path}.${Buffer.from(random.bytes(8)).toString('hex')}`
  try {
    await writeDurably(draft, `${Buffer.from(random.bytes(minSecretBytes)).toString('hex')}\n`)
    await link(draft, path)
    await syncFolder(folder)
  } catch (error) {
    // Another process was first: its secret is the one.
    if (!isSystemError(error) || error.code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', ownerOnly)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

// Without this a power cut may take the name away after data was sealed under the secret.
async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder, and needs no such step.
  if (process.platform === 'win32') return
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function refuseOpenFile(log: Logger, path: string): Promise<void> {
  // Modes mean nothing on Windows: every file shows 0666.
  if (process.platform === 'win32') return
  const { mode } = await stat(path)
  if (mode & openToOthers) {
    throw new StartupError([
      `The secret file ${path} is open to every user of this machine. Run: chmod 600 ${path}`,
    ])
  }
  if (mode & readableByGroup) {
    log.warn({ path }, 'The secret file is readable by its group; mode 0600 is better.')
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error
}
