import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildIfStale } from '../setup/build.mjs'
import { Failure, root, run, runTool } from '../setup/run.mjs'
import { consumers } from './consumers.mjs'
import { packAll } from './pack.mjs'

/**
 * What a stage came to. A stage that is one check counts as one test.
 *
 * @typedef {{ passed: number, failed: number, skipped?: number, output: string }} Result
 *
 * @typedef {{ node: string, paths: string[] }} Context
 * `node` is the Node that runs everything; `paths` narrow the tests.
 *
 * @typedef {{
 *   name: string,
 *   group: 'static' | 'dynamic',
 *   needs?: string,
 *   run: (context: Context) => Promise<Result>,
 * }} Stage
 * `needs` is the stage that must pass before.
 */

// Without the tests: what only a test uses is unused.
const shipped = [
  '--production',
  ...['verify', 'auth', 'client'].flatMap((name) => ['-W', `packages/${name}`]),
]

/** @type {Stage[]} The cheap ones first. */
export const stages = [
  check('format', ({ node }) => runTool(node, '@biomejs/biome', ['check', '.'], { tool: 'biome' })),
  check('layers', ({ node }) => run(node, ['scripts/checks/check-layers.ts'])),
  check('repository', ({ node }) => run(node, ['scripts/checks/check-repository.ts'])),
  check('types', ({ node }) => typesOf(node, '.')),
  check('types-verify', ({ node }) => typesOf(node, 'packages/verify')),
  check('types-auth', ({ node }) => typesOf(node, 'packages/auth')),
  check('types-client', ({ node }) => typesOf(node, 'packages/client')),
  check('lint', ({ node }) => runTool(node, 'oxlint', ['--type-aware', '--deny-warnings'])),
  check('unused', ({ node }) => runTool(node, 'knip', ['--no-progress', '--no-tag-hints'])),
  check('unused-shipped', ({ node }) => runTool(node, 'knip', ['--no-progress', ...shipped])),
  check('docs', ({ node }) =>
    run(node, ['--conditions=@countersign/source', 'scripts/generate-docs.ts', '--check']),
  ),
  { name: 'build', group: 'dynamic', run: build },
  { name: 'tests', group: 'dynamic', run: tests },
  { name: 'packages', group: 'dynamic', needs: 'build', run: packages },
  { name: 'consumers', group: 'dynamic', needs: 'build', run: consumers },
  { name: 'smoke', group: 'dynamic', needs: 'build', run: smoke },
]

/**
 * A stage that looks at the source alone, and passes if a command does.
 *
 * @param {string} name
 * @param {(context: Context) => Promise<{ code: number, output: string }>} command
 * @returns {Stage}
 */
function check(name, command) {
  return { name, group: 'static', run: async (context) => resultOf(await command(context)) }
}

/**
 * @param {{ code: number, output: string }} command
 * @returns {Result}
 */
function resultOf({ code, output }) {
  return code === 0 ? { passed: 1, failed: 0, output } : { passed: 0, failed: 1, output }
}

/**
 * @param {string} node
 * @param {string} project
 */
function typesOf(node, project) {
  return runTool(node, 'typescript', ['-p', project], { tool: 'tsc' })
}

/**
 * @param {Context} context
 * @returns {Promise<Result>}
 */
async function build({ node }) {
  try {
    await buildIfStale(node)
    return { passed: 1, failed: 0, output: '' }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { passed: 0, failed: 1, output: error.message }
  }
}

/**
 * Everything vitest runs: units, store contracts, HTTP.
 *
 * @param {Context} context
 * @returns {Promise<Result>}
 */
async function tests({ node, paths }) {
  const report = join(root, '.cache', 'vitest.json')
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { code, output } = await runTool(node, 'vitest', ['run', ...reporters, ...paths])
  const { passed, failed, skipped } = countTests(report)
  // Without a failed test: an error outside of any, or nothing that ran.
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed, skipped, output }
}

/** @param {string} report */
function countTests(report) {
  try {
    /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number }} */
    const counts = JSON.parse(readFileSync(report, 'utf8'))
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = counts
    return { passed, failed, skipped }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

/**
 * What would be published, as a user's tools see it.
 *
 * @param {Context} context
 * @returns {Promise<Result>}
 */
async function packages({ node }) {
  const packed = await packAll()
  const tarballs = packed.map(({ tarball }) => tarball)
  return resultOf(await run(node, ['scripts/checks/check-packages.ts', ...tarballs]))
}

/**
 * The walk of `npm run smoke`, without the minute of waiting.
 *
 * @param {Context} context
 * @returns {Promise<Result>}
 */
async function smoke({ node }) {
  return resultOf(await run(node, ['scripts/smoke.mjs', '--quick']))
}
