import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withProgress } from './progress.mjs'
import { Failure, root, runNpm } from './run.mjs'

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean }> }} Lock */

/**
 * Installs what the lock file names, unless it is there already. Runs no install scripts.
 *
 * @param {string} [folder] Where the lock file is.
 * @throws {Failure} npm could not; the message holds all it said.
 */
export async function installIfMissing(folder = root) {
  if (isInstalled(folder)) return
  // `error` leaves out that npm itself runs on an older Node than we ask for (EBADENGINE).
  const args = ['ci', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund']
  if (!process.stderr.isTTY) console.error('Installing dependencies; this takes a while.')
  const { result, seconds } = await withProgress('Installing dependencies', () =>
    runNpm(args, { cwd: folder }),
  )
  if (result.code !== 0) throw new Failure(`npm ${args.join(' ')} failed:\n${result.output}`)
  console.error(`Installed dependencies in ${seconds.toFixed(0)} s.`)
}

/**
 * Whether every dependency that must be there is, in the version of the lock file.
 * npm keeps a lock file of what it installed beside it; nothing else is looked at.
 *
 * @param {string} folder
 */
export function isInstalled(folder) {
  const record = join(folder, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const wanted = readLock(join(folder, 'package-lock.json')).packages
  const present = readLock(record).packages
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true
    const found = present[path]
    // An optional one that is missing is for another platform. A workspace has no version here.
    return found ? found.version === version : optional === true
  })
}

/**
 * @param {string} path
 * @returns {Lock}
 */
function readLock(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}
