// `npm test`: everything, in stages, all of them even if one fails.
//
//   npm test                      everything
//   npm test -- --only lint       one stage (`static`: all that look at the source alone)
//   npm test -- packages/verify   the tests below a path, and nothing else
//
// Ends with one line, `N passed, N failed`. Runs on any Node from 20 on.

import { parseArgs } from 'node:util'
import { installIfMissing } from './setup/install.mjs'
import { findNode } from './setup/node.mjs'
import { withProgress } from './setup/progress.mjs'
import { Failure, orFail } from './setup/run.mjs'
import { stages } from './test/stages.mjs'

/** @typedef {import('./test/stages.mjs').Stage} Stage */
/** @typedef {import('./test/stages.mjs').Context} Context */
/** @typedef {import('./test/stages.mjs').Result} Result */

await orFail(async () => {
  const { values, positionals: paths } = parseArgs({
    options: { only: { type: 'string' } },
    allowPositionals: true,
  })
  const chosen = choose(values.only ?? (paths.length > 0 ? 'tests' : undefined))
  await installIfMissing()
  const context = { node: findNode(), paths }
  const total = { passed: 0, failed: 0 }
  /** @type {string[]} */
  const broken = []
  for (const stage of chosen) {
    const isReady = !stage.needs || !broken.includes(stage.needs)
    const { passed, failed } = await runStage(isReady ? stage : unready(stage), context)
    if (failed > 0) broken.push(stage.name)
    total.passed += passed
    total.failed += failed
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`)
  if (total.failed > 0) process.exitCode = 1
})

/** @param {string | undefined} only The name of a stage or of a group. */
function choose(only) {
  if (only === undefined) return stages
  const chosen = stages.filter(({ name, group }) => name === only || group === only)
  if (chosen.length > 0) return withNeeded(chosen)
  throw new Failure(
    `No stage is called ${only}. There are: ${stages.map(({ name }) => name).join(', ')}.`,
  )
}

/**
 * Stages and those they need, in order.
 *
 * @param {Stage[]} chosen
 */
function withNeeded(chosen) {
  return stages.filter(
    (stage) => chosen.includes(stage) || chosen.some(({ needs }) => needs === stage.name),
  )
}

/**
 * @param {Stage} stage
 * @returns {Stage}
 */
function unready(stage) {
  const output = `Needs ${stage.needs}, which failed.`
  return { ...stage, run: () => Promise.resolve({ passed: 0, failed: 1, output }) }
}

/**
 * Runs one stage, and shows what it said if it failed.
 *
 * @param {Stage} stage
 * @param {Context} context
 */
async function runStage(stage, context) {
  const { result, seconds } = await withProgress(stage.name, () => outcomeOf(stage, context))
  const { passed, failed, skipped = 0, output } = result
  const counts = [
    ...(passed > 1 ? [`${passed} passed`] : []),
    ...(failed > 1 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ]
  const verdict = failed > 0 ? 'FAILED' : 'ok'
  console.log(
    `${verdict.padEnd(7)} ${stage.name.padEnd(15)} ${`${seconds.toFixed(1)} s`.padStart(8)}  ${counts.join(', ')}`.trimEnd(),
  )
  if (failed > 0) console.log(`\n${output.trim()}\n`)
  return { passed, failed }
}

/**
 * A stage that cannot run has failed; the others go on.
 *
 * @param {Stage} stage
 * @param {Context} context
 * @returns {Promise<Result>}
 */
async function outcomeOf(stage, context) {
  try {
    return await stage.run(context)
  } catch (error) {
    const output = error instanceof Failure ? error.message : String(error)
    return { passed: 0, failed: 1, output }
  }
}
