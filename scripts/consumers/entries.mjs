import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What users of a package can import, as in `countersign/express`.
 *
 * @param {string} name
 * @returns {string[]}
 */
export function entriesOf(name) {
  const file = join(import.meta.dirname, 'node_modules', name, 'package.json')
  const { exports } = JSON.parse(readFileSync(file, 'utf8'))
  return Object.keys(exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => name + entry.slice(1))
}
