import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Logger, silentLogger } from '../ports/logger.ts'
import { type Random, systemRandom } from '../ports/random.ts'
import { loadOrCreateSecretFile } from './application-secret-file.ts'

let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-secret-'))
  path = join(folder, 'secret')
})

afterEach(() => rm(folder, { recursive: true }))

const load = (log: Logger = silentLogger) =>
  loadOrCreateSecretFile({ random: systemRandom, log }, path)

test('the file is made on the first start and read on the next', async () => {
  const secret = await load()
  expect(secret).toHaveLength(32)
  expect(await load()).toEqual(secret)
})

test('two installations have different secrets', async () => {
  const first = await load()
  path = join(folder, 'another')
  expect(await load()).not.toEqual(first)
})

test('the file is for its owner alone, and nothing else is left in the folder', async () => {
  await load()
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(folder)).toEqual(['secret'])
})

test('missing folders are made, for their owner alone', async () => {
  path = join(folder, 'data', 'deep', 'secret')
  await load()
  expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700)
})

test('of twenty starts at once in one process one makes the file', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => load()))
  expect(new Set(all.map((secret) => Buffer.from(secret).toString('hex'))).size).toBe(1)
})

test('a secret that another process made meanwhile is used and not replaced', async () => {
  const theirs = Buffer.from(systemRandom.bytes(32))
  const random: Random = {
    bytes(length) {
      writeFileSync(path, theirs.toString('hex'), { mode: 0o600 })
      return systemRandom.bytes(length)
    },
  }
  const secret = await loadOrCreateSecretFile({ random, log: silentLogger }, path)
  expect(secret).toEqual(new Uint8Array(theirs))
  expect(await load()).toEqual(secret)
})

// Slow where eight processes share few cores.
const patience = { timeout: 120_000 }

test('eight processes that start at once use one secret', patience, async () => {
  const module = new URL('./application-secret-file.ts', import.meta.url).href
  const program = `
    const { loadOrCreateSecretFile } = await import(${JSON.stringify(module)})
    const random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) }
    const log = { warn() {} }
    const secret = await loadOrCreateSecretFile({ random, log }, ${JSON.stringify(path)})
    console.log(Buffer.from(secret).toString('hex'))`
  const options = ['--conditions=@countersign/source', '--input-type=module', '--eval', program]
  const run = () => promisify(execFile)(process.execPath, options)
  const outputs = await Promise.all(Array.from({ length: 8 }, run))
  const onDisk = (await readFile(path, 'utf8')).trim()
  expect(outputs.map(({ stdout }) => stdout.trim())).toEqual(outputs.map(() => onDisk))
})

test('what a crash left half written is not taken for the secret', async () => {
  await writeFile(`${path}.0011223344556677`, 'half a sec', { mode: 0o600 })
  expect(await load()).toHaveLength(32)
})

test.each([0o604, 0o602, 0o644, 0o666])(
  'a file open to every user (mode %o) is refused with the command that mends it',
  async (mode) => {
    await load()
    await chmod(path, mode)
    await expect(load()).rejects.toMatchObject({
      name: 'StartupError',
      problems: [expect.stringContaining(`chmod 600 ${path}`)],
    })
  },
)

test('a file readable by its group is used with a warning', async () => {
  const secret = await load()
  await chmod(path, 0o640)
  const warn = vi.fn<Logger['warn']>()
  expect(await load({ ...silentLogger, warn })).toEqual(secret)
  expect(warn).toHaveBeenCalledTimes(1)
})

test('a link to a secret that is mounted elsewhere is followed', async () => {
  const secret = await load()
  const mounted = path
  path = join(folder, 'link')
  await symlink(mounted, path)
  expect(await load()).toEqual(secret)
})

test.each(['', 'half a sec', '00'.repeat(32)])(
  'a file that holds %j is refused and stays as it is',
  async (text) => {
    await writeFile(path, text, { mode: 0o600 })
    await expect(load()).rejects.toMatchObject({ name: 'StartupError' })
    expect(await readFile(path, 'utf8')).toBe(text)
  },
)

test('a place where no file can be made is a start-up problem that names it', async () => {
  path = join(folder, 'secret', 'secret')
  await writeFile(join(folder, 'secret'), 'a file, not a folder', { mode: 0o600 })
  await expect(load()).rejects.toMatchObject({
    name: 'StartupError',
    problems: [expect.stringContaining(path)],
  })
})
