// `npm run bench`: measures Countersign side by side with what a user would pick instead.
// Installs what is missing, the rivals too, and builds what is stale.
//
// `npm run bench -- verify` runs one of verify, route, accounts and flood; `--quick` runs
// everything briefly. Only a full run writes bench/results.json and docs/benchmarks.md.
// `npm run bench -- revocation` and `-- postgres` are runs of their own, with results of their own.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildIfStale } from './setup/build.mjs'
import { installIfMissing } from './setup/install.mjs'
import { findNode } from './setup/node.mjs'
import { envFor, orFail, root } from './setup/run.mjs'

const folder = join(root, 'bench')

await orFail(async () => {
  await installIfMissing()
  const node = findNode()
  await buildIfStale(node)
  await installIfMissing(folder)
  measure(node)
})

/** @param {string} node */
function measure(node) {
  const args = [
    // Between contenders garbage is collected, so that none pays for another's.
    '--expose-gc',
    // One contender is set up as fast-jwt's page offers and its code warns of, once per verifier.
    '--disable-warning=FAST_JWT_CACHE_KEY_BUILDER_SECURITY_RISK',
    join(folder, 'src', 'main.ts'),
    ...process.argv.slice(2),
  ]
  const child = spawn(node, args, { stdio: 'inherit', env: envFor(node) })
  // On a terminal, Ctrl-C reaches the child by itself; it ends its servers and then itself.
  process.on('SIGINT', () => {})
  process.once('SIGTERM', () => child.kill('SIGTERM'))
  child.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
}
