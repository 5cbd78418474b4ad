// `npm start`: from a fresh clone to a running server. Installs what is missing, builds what
// is stale, and serves. What follows `--` goes to `countersign serve`.
//
// Runs on any Node from 20 on; the server runs on the one the workspace installs.

import { join } from 'node:path'
import { buildIfStale } from './setup/build.mjs'
import { runInForeground } from './setup/foreground.mjs'
import { installIfMissing } from './setup/install.mjs'
import { findNode } from './setup/node.mjs'
import { orFail, root } from './setup/run.mjs'

await orFail(async () => {
  await installIfMissing()
  const node = findNode()
  await buildIfStale(node)
  const cli = join(root, 'packages', 'auth', 'bin', 'countersign.js')
  runInForeground(node, [cli, 'serve', ...process.argv.slice(2)])
})
