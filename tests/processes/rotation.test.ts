import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVerifier, remoteKeySet, type Verifier } from '@countersign/verify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startAuth } from '../../packages/auth/src/app/create-auth.ts'
import { openDeps } from '../../packages/auth/src/app/open-deps.ts'
import type { Deps } from '../../packages/auth/src/features/deps.ts'
import { silentLogger } from '../../packages/auth/src/ports/logger.ts'
import { listen } from '../../packages/auth/src/server/listen.ts'
import { type FakeClock, fakeClock } from '../../packages/auth/src/testing/fake-clock.ts'
import { refresh, register, type Target, type Tokens, tokensOf } from './client.ts'
import { issuer } from './sandbox.ts'

// The stages of a rotation take minutes, and the next rotation comes after a month: two
// authorities on one file, over HTTP, under a clock that the test moves.

const stepSeconds = 15
// The longest there is: a key must be published until the last of its tokens has expired.
const tokenSeconds = 3600

let folder: string
let clock: FakeClock
let authorities: [Authority, Authority]

interface Authority extends Target {
  readonly deps: Deps
  close(): Promise<void>
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-rotation-'))
  clock = fakeClock()
  authorities = [await openAuthority(), await openAuthority()]
})

afterEach(async () => {
  await Promise.all(authorities.map((authority) => authority.close()))
  rmSync(folder, { recursive: true })
})

async function openAuthority(): Promise<Authority> {
  const database = `sqlite:${join(folder, 'countersign.db')}`
  const deps = await openDeps({
    issuer,
    database,
    accessTokenSeconds: tokenSeconds,
    rateLimits: 'off',
    ports: { clock },
  })
  const auth = startAuth(deps)
  const place = { port: 0, host: '127.0.0.1', tls: null }
  const listening = await listen({ auth, log: silentLogger }, place)
  return {
    deps,
    url: `http://127.0.0.1:${listening.address.port}`,
    async close() {
      await listening.stop()
      await auth.close()
    },
  }
}

/** An API that keeps the keys of an authority as long as it may. */
function verifierOf({ url }: Target): Verifier {
  const uri = `${url}/.well-known/jwks.json`
  const keys = remoteKeySet({ uri, clock: () => clock.monotonicMs() })
  return createVerifier({ issuer, audience: issuer, keys, clock })
}

/** Someone who is signed in at an authority and refreshes whenever asked. */
async function signedIn(authority: Authority, name: string): Promise<() => Promise<string>> {
  const credentials = { email: `${name}@example.com`, password: 'correct horse battery' }
  let tokens: Tokens = await register(authority, credentials)
  return async () => {
    tokens = tokensOf(await refresh(authority, tokens.refreshToken))
    return tokens.accessToken
  }
}

/** The newest, the oldest that are still good, and some between. */
function sampleOf(tokens: readonly string[]): string[] {
  const middle = Math.floor(tokens.length / 2)
  return [...tokens.slice(0, 2), ...tokens.slice(middle, middle + 2), ...tokens.slice(-2)]
}

function kidOf(token: string): string {
  const header = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()
  return (JSON.parse(header) as { kid: string }).kid
}

test('from the start of a rotation to its end no good token is refused', async () => {
  const [one, other] = authorities
  const issuers = [await signedIn(one, 'ada'), await signedIn(other, 'ben')]
  // These keep what they fetch, and two more at each step have fetched nothing yet.
  const keepers = [verifierOf(one), verifierOf(other)]
  const kids = new Set<string>()
  let tokens: string[] = []

  const step = async () => {
    clock.advance(stepSeconds)
    await Promise.all(authorities.map(({ deps }) => deps.keys.reload()))
    const issued = await Promise.all(issuers.map((issue) => issue()))
    // Two are issued at a step: so many are not expired.
    tokens = [...tokens, ...issued].slice((-2 * tokenSeconds) / stepSeconds)
    for (const token of issued) kids.add(kidOf(token))
    for (const verifier of [...keepers, verifierOf(one), verifierOf(other)]) {
      for (const token of sampleOf(tokens)) {
        expect(await verifier.verify(token)).toMatchObject({ iss: issuer })
      }
    }
  }

  for (let count = 0; count < 30; count++) await step()
  await one.deps.keys.rotate('usr_admin')
  const stages = () => other.deps.keys.list().map(({ stage }) => stage)
  await step()
  expect(stages()).toEqual(['signing', 'upcoming'])
  while (stages().length > 1) await step()
  for (let count = 0; count < 30; count++) await step()
  expect(kids.size).toBe(2)
}, 60_000)

test('of two authorities that find a key due at once, one makes the next', async () => {
  clock.advance(30 * 86_400)
  await Promise.all(authorities.map(({ deps }) => deps.keys.reload()))
  await Promise.all(authorities.map(({ deps }) => deps.keys.reload()))
  const lists = authorities.map(({ deps }) => deps.keys.list())
  expect(lists[0]?.map(({ stage }) => stage)).toEqual(['signing', 'upcoming'])
  expect(lists[1]).toEqual(lists[0])
})
