// `npm run example -- express`: runs one of the examples. Installs what is missing and builds
// what is stale first. Without a name, says which there are.

import { existsSync, readdirSync } from 'node:fs'
import { join, parse } from 'node:path'
import { buildIfStale } from './setup/build.mjs'
import { runInForeground } from './setup/foreground.mjs'
import { installIfMissing } from './setup/install.mjs'
import { findNode } from './setup/node.mjs'
import { Failure, orFail, root } from './setup/run.mjs'

const folder = join(root, 'examples')

await orFail(async () => {
  const [name = '', ...args] = process.argv.slice(2)
  const file = fileOf(name)
  await installIfMissing()
  const node = findNode()
  await buildIfStale(node)
  runInForeground(node, [file, ...args])
})

/** @param {string} name */
function fileOf(name) {
  const file = examples().get(name)
  if (file) return file
  const names = [...examples().keys()].join(', ')
  throw new Failure(`There is no example called "${name}". There are: ${names}.`)
}

/** What there is to run, by name: a file, or the walk through a folder. */
function examples() {
  const entries = readdirSync(folder, { withFileTypes: true })
  return new Map(
    entries
      .map(
        (entry) =>
          /** @type {const} */ ([
            parse(entry.name).name,
            join(folder, entry.isDirectory() ? join(entry.name, 'walk.ts') : entry.name),
          ]),
      )
      .filter(([, file]) => /\.(?:ts|cjs)$/.test(file) && existsSync(file)),
  )
}
