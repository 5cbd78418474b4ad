import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createVerifier } from '@countersign/verify'
import BetterSqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { login, refresh, type Target } from './client.ts'
import { type Experience, liveHonestly, noExperience } from './honest-client.ts'
import { createSandbox, issuer } from './sandbox.ts'

// The server is killed under load, over and over, with no chance to tidy up.

const sandbox = createSandbox()
const rounds = 20
const answersPerRound = 25
// From one address, people do not sign up as often.
const environment = { RATE_LIMITS: 'off' }

/** Servers that come and go at one place. */
function createPlace() {
  let found = Promise.withResolvers<Target>()
  return {
    find: () => found.promise,
    open: (server: Target) => found.resolve(server),
    close() {
      found = Promise.withResolvers()
    },
  }
}

test('killed at any moment, the server keeps what it has acknowledged', async () => {
  const [experience, place] = [noExperience(), createPlace()]
  let isOver = false
  const lives = Promise.all(
    ['bearer1', 'keyed1', 'bearer2', 'keyed2', 'bearer3', 'keyed3'].map((name) =>
      liveHonestly({
        name,
        isKeyed: name.startsWith('keyed'),
        experience,
        findServer: place.find,
        isOver: () => isOver,
      }),
    ),
  )
  // Who is wronged gives up, and is heard below.
  lives.catch(() => {})

  for (const afterMs of [200, 500]) await killWhileStarting(afterMs)
  // Once in peace: a process that is killed does not leave what it compiled for the next.
  await (await sandbox.serve(environment)).stop('SIGTERM')

  let seen = { ended: 0, accessTokens: 0 }
  for (let round = 0; round < rounds; round++) {
    if (round % 10 === 5) await killWhileStarting(round * 40)
    const server = await sandbox.serve(environment)
    // Nobody is served yet: this is what was acknowledged before the kill.
    await expectKept(server, {
      ended: experience.ended.slice(seen.ended),
      accessTokens: experience.accessTokens.slice(seen.accessTokens),
    })
    seen = {
      ended: experience.ended.length,
      accessTokens: experience.accessTokens.length,
    }
    place.open(server)
    await untilAnswered(experience, answersPerRound)
    await sleep((round * 7) % 20)
    place.close()
    await server.stop('SIGKILL')
  }

  const server = await sandbox.serve(environment)
  isOver = true
  place.open(server)
  await lives.catch(() => {})
  expect(experience.wronged).toEqual([])
  expect(experience.lost).toBeGreaterThan(rounds)
  await expectKept(server, experience)
  await expectUsable(server, experience)
  expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  expectSound(join(sandbox.folder, 'countersign.db'))
})

async function untilAnswered(experience: Experience, count: number): Promise<void> {
  const enough = experience.answered + count
  while (experience.answered < enough) await sleep(1)
}

async function killWhileStarting(afterMs: number): Promise<void> {
  const { child, ended } = sandbox.launch({ environment })
  await sleep(afterMs)
  child.kill('SIGKILL')
  await ended
}

/** Who has signed out stays signed out, and what was issued is still good. */
async function expectKept(
  server: Target,
  { ended, accessTokens }: Pick<Experience, 'ended' | 'accessTokens'>,
): Promise<void> {
  for (const token of ended) {
    expect(await refresh(server, token)).toMatchObject({ body: { code: 'SESSION_REVOKED' } })
  }
  const jwksUri = `${server.url}/.well-known/jwks.json`
  const verifier = createVerifier({ issuer, audience: issuer, jwksUri })
  for (const token of accessTokens) {
    expect(await verifier.verify(token)).toMatchObject({ iss: issuer })
  }
}

/** Every session goes on with the token its client has, every user with their password. */
async function expectUsable(
  server: Target,
  { live, passwords }: Pick<Experience, 'live' | 'passwords'>,
): Promise<void> {
  for (const token of live.values()) {
    expect(await refresh(server, token)).toMatchObject({ status: 200 })
  }
  for (const [email, password] of passwords) {
    expect(await login(server, { email, password })).toMatchObject({ status: 200 })
  }
  expect(passwords.size).toBeGreaterThan(rounds)
}

function expectSound(path: string): void {
  const database = new BetterSqlite(path)
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(database.pragma('foreign_key_check')).toEqual([])
  database.close()
}
