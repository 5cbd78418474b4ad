import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { withProgress } from './progress.mjs'
import { Failure, root, runTool } from './run.mjs'

/** The packages that are built, each after those it needs. */
export const packages = ['verify', 'auth', 'client']

/**
 * Builds the packages whose `dist` is not of the present source.
 *
 * @param {string} node The Node that runs the build.
 * @returns {Promise<string[]>} What was built.
 * @throws {Failure} The build failed; the message holds all it said.
 */
export async function buildIfStale(node) {
  const built = []
  for (const name of packages) {
    const hash = hashInputs(name)
    if (isFresh(name, hash)) continue
    await build(node, name, hash)
    built.push(name)
  }
  return built
}

/**
 * @param {string} node
 * @param {string} name
 * @param {string} hash
 */
async function build(node, name, hash) {
  const cwd = join(root, 'packages', name)
  // Taken away first: a build that is interrupted leaves no record.
  rmSync(recordOf(name), { force: true })
  const { result, seconds } = await withProgress(`Building packages/${name}`, () =>
    runTool(node, 'tsdown', [], { cwd }),
  )
  if (result.code !== 0) throw new Failure(`Building packages/${name} failed:\n${result.output}`)
  mkdirSync(join(root, '.cache'), { recursive: true })
  writeFileSync(recordOf(name), hash)
  console.error(`Built packages/${name} in ${seconds.toFixed(0)} s.`)
}

/**
 * @param {string} name
 * @param {string} hash
 */
function isFresh(name, hash) {
  const record = recordOf(name)
  const dist = join(root, 'packages', name, 'dist', 'index.js')
  return existsSync(dist) && existsSync(record) && readFileSync(record, 'utf8') === hash
}

/**
 * The hash of the inputs that the last build was made from. Beside `dist`, not in it: that
 * is published.
 *
 * @param {string} name
 */
function recordOf(name) {
  return join(root, '.cache', `built-${name}`)
}

/**
 * SHA-256 over names and contents of all a build reads.
 *
 * @param {string} name
 */
function hashInputs(name) {
  const folder = join('packages', name)
  const sources = readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => join(root, folder, 'src', path))
    .filter((path) => statSync(path).isFile())
  const settings = [
    join(root, folder, 'package.json'),
    join(root, folder, 'tsconfig.json'),
    join(root, folder, 'tsdown.config.ts'),
    join(root, 'tsconfig.json'),
    join(root, 'package-lock.json'),
  ]
  const hash = createHash('sha256')
  for (const file of [...sources.sort(), ...settings]) {
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}
