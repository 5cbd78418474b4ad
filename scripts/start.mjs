// `npm start`: from a fresh clone to a running server. Installs what is missing, builds what
// is stale, and serves. What follows `--` goes to `countersign serve`.
//
// Runs on any Node from 20 on; the server runs on the one the workspace installs.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildIfStale } from './setup/build.mjs'
import { installIfMissing } from './setup/install.mjs'
import { findNode } from './setup/node.mjs'
import { envFor, orFail, root } from './setup/run.mjs'

await orFail(async () => {
  await installIfMissing()
  const node = findNode()
  await buildIfStale(node)
  serve(node)
})

/**
 * Ends as the server ends: with its exit code, or by the signal that ended it.
 *
 * @param {string} node
 */
function serve(node) {
  const cli = join(root, 'packages', 'auth', 'bin', 'countersign.js')
  const args = [cli, 'serve', ...process.argv.slice(2)]
  const server = spawn(node, args, { stdio: 'inherit', env: envFor(node) })
  // npm passes a signal to the shell between us, which may die of it without a word.
  const shell = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(watch)
    server.kill('SIGTERM')
  }, 250)
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      clearInterval(watch)
      // On a terminal, Ctrl-C reaches the server by itself; a second one means "now".
      if (signal === 'SIGINT' && isTerminal()) return
      server.kill(signal)
    })
  }
  server.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function isTerminal() {
  return [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY)
}
