import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { packages } from '../setup/build.mjs'
import { Failure, root, run, runNpm } from '../setup/run.mjs'

/** @typedef {{ tarball: string, folder: string }} Packed */

/** @type {Promise<Packed[]> | undefined} Packing takes seconds, and two stages need it. */
let packing

/**
 * Packs every package as npm would publish it, and unpacks it again. Once a process.
 *
 * @returns {Promise<Packed[]>}
 * @throws {Failure} npm or tar could not.
 */
export function packAll() {
  packing ??= packIn(join(root, '.cache', 'packed'))
  return packing
}

/** @param {string} target */
async function packIn(target) {
  rmSync(target, { recursive: true, force: true })
  return Promise.all(packages.map((name) => pack(name, join(target, name))))
}

/**
 * @param {string} name
 * @param {string} target
 */
async function pack(name, target) {
  mkdirSync(target, { recursive: true })
  const { code, output } = await runNpm(
    ['pack', '--silent', '--ignore-scripts', '--pack-destination', target],
    { cwd: join(root, 'packages', name) },
  )
  if (code !== 0) throw new Failure(`npm pack failed in packages/${name}:\n${output}`)
  const [tarball = ''] = readdirSync(target)
  const unpacked = await run('tar', ['-xzf', tarball], { cwd: target })
  if (unpacked.code !== 0) throw new Failure(`tar failed:\n${unpacked.output}`)
  return { tarball: join(target, tarball), folder: join(target, 'package') }
}
