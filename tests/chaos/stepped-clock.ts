import { mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createVerifier, revocationFeed, type Verifier } from '@countersign/verify'
import { expect } from 'vitest'
import { callAs, post, refresh, type Target, type Tokens, tokensOf } from '../processes/client.ts'
import { issuer } from '../processes/sandbox.ts'
import type { Fault, World } from './fault.ts'

const preload = new URL('stepped-clock-preload.ts', import.meta.url)
const hour = 3600
/** By how many seconds the clock is wrong, one after another. */
const steps = [hour, 0, -hour, 0]
const stayMs = 500

/** The clock of the authority is set ahead and back by an hour, as by hand or by a broken NTP. */
export function steppedClock(): Fault {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-clock-'))
  const file = join(folder, 'seconds')
  const set = (seconds: number) => {
    writeFileSync(`${file}.new`, String(seconds))
    renameSync(`${file}.new`, file)
  }
  set(0)
  const watchers: Watcher[] = []
  /** Who was signed out. */
  const gone: Tokens[] = []
  let honest: Tokens
  return {
    environment: { NODE_OPTIONS: `--import=${preload.href}`, CLOCK_FILE: file },
    async fail(world, isOver) {
      const openWatcher = await makeWatchers(world)
      const untilClockIs = await makeClockReader(world.server)
      do {
        const { server } = world
        honest = await signUp(server)
        // All of them under the clock that is right, one to be signed out under each.
        const people = await Promise.all([0, ...steps].map(() => signUp(server)))
        for (const [index, seconds] of [0, ...steps].entries()) {
          set(seconds)
          await untilClockIs(seconds)
          await signOut(server, people[index])
          // One that has known all along, and one that knows what it is told at this moment.
          watchers.push(openWatcher())
          await sleep(stayMs)
        }
        gone.push(...people)
      } while (!isOver())
    },
    async check(server) {
      for (const { accessToken } of gone) {
        const { body } = await callAs({ accessToken }, server, '/profile')
        expect(body?.['code']).toBe('TOKEN_REVOKED')
        for (const { verifier } of watchers) {
          await expect(verifier.verify(accessToken)).rejects.toMatchObject({
            code: 'TOKEN_REVOKED',
          })
        }
      }
      for (const { verifier } of watchers) await verifier.verify(honest.accessToken)
      for (const { feed } of watchers) feed.close()
    },
    close: () => rm(folder, { recursive: true }),
  }
}

/** A service that follows the ledger. */
interface Watcher {
  readonly verifier: Verifier
  readonly feed: ReturnType<typeof revocationFeed>
}

async function makeWatchers({ server, run }: World): Promise<() => Watcher> {
  const scopes = ['revocations:read', 'tokens:introspect']
  const { stdout } = await run({ args: ['clients', 'create', 'watcher', ...scopes, '--json'] })
  const { clientId, clientSecret } = JSON.parse(stdout) as Record<
    'clientId' | 'clientSecret',
    string
  >
  return () => {
    const feed = revocationFeed({
      issuer,
      hubs: [`${server.url}/api/auth`],
      clientId,
      clientSecret,
    })
    const jwksUri = `${server.url}/.well-known/jwks.json`
    const verifier = createVerifier({ issuer, audience: issuer, jwksUri, revocation: feed })
    return { verifier, feed }
  }
}

let people = 0

/** However many others want to sign up at this moment. */
async function signUp(server: Target): Promise<Tokens> {
  people += 1
  const email = `moved${people}@example.com`
  const body = { email, password: 'violet harbour lantern', transport: 'body' }
  for (;;) {
    const answer = await post(server, '/register', body)
    if (answer.status !== 503) return tokensOf(answer)
    await sleep(50)
  }
}

async function signOut(server: Target, tokens: Tokens | undefined): Promise<void> {
  const { refreshToken = '' } = tokens ?? {}
  expect(await post(server, '/logout', { refreshToken })).toMatchObject({ status: 200 })
}

/** Waits until a step has arrived, and sees by a token that it has. */
async function makeClockReader(server: Target): Promise<(seconds: number) => Promise<void>> {
  let tokens = await signUp(server)
  return async (seconds) => {
    for (let ahead = Number.NaN; !(Math.abs(ahead - seconds) < 60); ) {
      tokens = tokensOf(await refresh(server, tokens.refreshToken))
      const payload = Buffer.from(tokens.accessToken.split('.')[1] ?? '', 'base64url').toString()
      ahead = (JSON.parse(payload) as { iat: number }).iat - Date.now() / 1000
    }
  }
}
