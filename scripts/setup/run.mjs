import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Something the reader can mend. Shown as its message alone, without a stack. */
export class Failure extends Error {}

/**
 * Runs a whole script. A {@link Failure} becomes its message on stderr and exit code 1.
 *
 * @param {() => Promise<void>} script
 */
export async function orFail(script) {
  try {
    await script()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

// What is kept is shown on our stdout, or not at all: let tools colour it as if it were theirs.
/** @type {NodeJS.ProcessEnv} */
const colour = process.stdout.isTTY
  ? { FORCE_COLOR: '1', NO_COLOR: undefined }
  : { FORCE_COLOR: '0', NO_COLOR: '1' }

/**
 * Runs a command to its end without input and keeps what it prints.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ code: number, output: string }>} `output` is both streams, as they came.
 */
export function run(command, args, { cwd = root, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...env, ...colour },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    }
    // Ctrl-C reaches the child by itself; SIGTERM comes to this process alone.
    const terminate = () => {
      child.kill('SIGTERM')
      process.exit(143)
    }
    process.once('SIGTERM', terminate)
    child.once('error', reject)
    child.once('close', (code) => {
      process.off('SIGTERM', terminate)
      resolve({ code: code ?? 1, output })
    })
  })
}

/**
 * Runs npm, under the Node it was started with. Registry and cache are the reader's.
 *
 * @param {string[]} args
 * @param {{ cwd?: string }} [options]
 */
export function runNpm(args, options) {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env
  return npm ? run(node ?? process.execPath, [npm, ...args], options) : run('npm', args, options)
}

/**
 * Runs a tool that a dependency brings, under a given Node.
 *
 * @param {string} node
 * @param {string} dependency
 * @param {string[]} args
 * @param {{ cwd?: string, tool?: string }} [options] `tool` where it is not named like the dependency.
 */
export function runTool(node, dependency, args, { cwd = root, tool = dependency } = {}) {
  const folder = join(root, 'node_modules', dependency)
  /** @type {{ bin: string | Record<string, string> }} */
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = typeof bin === 'string' ? bin : bin[tool]
  if (!file) throw new Error(`${dependency} has no command ${tool}`)
  return run(node, [join(folder, file), ...args], { cwd, env: envFor(node) })
}

/**
 * The environment in which `node` is that Node, for whatever a child starts.
 *
 * @param {string} node
 * @returns {NodeJS.ProcessEnv}
 */
export function envFor(node) {
  return { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` }
}
