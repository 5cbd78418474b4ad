import { spawn } from 'node:child_process'
import { envFor } from './run.mjs'

/**
 * Runs a program in place of this one: it has the terminal, gets the signals, and this process
 * ends as it ends, with its exit code or by the signal that ended it.
 *
 * @param {string} node
 * @param {string[]} args
 */
export function runInForeground(node, args) {
  const program = spawn(node, args, { stdio: 'inherit', env: envFor(node) })
  // npm passes a signal to the shell between us, which may die of it without a word.
  const shell = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(watch)
    program.kill('SIGTERM')
  }, 250)
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      clearInterval(watch)
      // On a terminal, Ctrl-C reaches the program by itself; a second one means "now".
      if (signal === 'SIGINT' && isTerminal()) return
      program.kill(signal)
    })
  }
  program.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function isTerminal() {
  return [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY)
}
