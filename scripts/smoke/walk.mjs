import { changeRole, register, signIn, useProtectedRoute } from './accounts.mjs'
import { expire, rotate, signOut, stealToken, useCookies } from './sessions.mjs'

/** @typedef {import('./report.mjs').Report} Report */
/** @typedef {import('./stage.mjs').Stage} Stage */

/**
 * Where a chapter plays. `base` is the address of the authority's endpoints.
 *
 * @typedef {{ report: Report, stage: Stage, base: string }} Scene
 */

/**
 * A session that lasts from the first chapters to the last. `first` and `current` are refresh
 * tokens; times are of `performance.now()`.
 *
 * @typedef {{
 *   accessToken: string | undefined,
 *   issuedAt: number,
 *   first: string | undefined,
 *   rotatedAt: number,
 *   current: string | undefined,
 * }} Kept
 */

/**
 * The life of a few sessions, in chapters. One session, `kept`, is taken from each to the next.
 *
 * @param {{ report: Report, stage: Stage, isQuick: boolean }} input
 */
export async function walk({ report, stage, isQuick }) {
  const scene = { report, stage, base: `${stage.authority}/api/auth` }
  await register(scene)
  const kept = await signIn(scene)
  await useProtectedRoute(scene, kept)
  await rotate(scene, kept)
  await useCookies(scene)
  await stealToken(scene)
  await signOut(scene)
  await changeRole(scene, kept)
  await expire(scene, kept, isQuick)
  await stop(scene)
}

/** @param {Scene} scene */
async function stop({ report, stage }) {
  report.chapter('Stop')
  await report.act('kill -TERM', 'the server finishes what is under way and ends', () =>
    stage.stopAuthority(),
  )
}
