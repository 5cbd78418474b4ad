import { createVerifier, revocationFeed } from '@countersign/verify'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Authority, issuer, openAuthority } from '../http/authority.ts'
import { signUp } from '../http/people.ts'
import { fateOf, openWorld, type World } from './world.ts'

// Two authorities on one database: each is a hub, and neither knows of the other.

let world: World
let other: Authority
let authorization: string
beforeAll(async () => {
  world = await openWorld()
  other = await openAuthority({ beside: world.authority, rateLimits: 'off' })
  const { clientId, clientSecret } = world.client
  authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`
})
afterAll(async () => {
  await other.close()
  await world.close()
})

interface Part {
  readonly feed: string
  readonly cursor: string
  readonly entries: readonly (readonly unknown[])[]
}

async function read(authority: Authority, line: string): Promise<Part> {
  const answer = await authority.from()(`GET /revocations/${line}`, { headers: { authorization } })
  expect(answer.status).toBe(200)
  return answer.body as Part
}

async function signOut(): Promise<string> {
  const { refreshToken, sessionId } = await signUp(world.call)
  await world.call('POST /logout', { body: { refreshToken } })
  return sessionId
}

test('a cursor of one goes on at the other, and nothing is missed on the way', async () => {
  let { cursor } = await read(world.authority, 'snapshot')
  const [seen, ended] = [new Set<unknown>(), new Set<string>()]
  for (let round = 0; round < 12; round += 1) {
    ended.add(await signOut())
    const part = await read(round % 2 ? other : world.authority, `feed?cursor=${cursor}&hold=0`)
    for (const [, key] of part.entries) seen.add(key)
    cursor = part.cursor
  }
  const last = await read(other, `feed?cursor=${cursor}&hold=300`)
  for (const [, key] of last.entries) seen.add(key)
  expect([...ended].filter((key) => !seen.has(key))).toEqual([])
})

test('both call their ledger by one name', async () => {
  const [one, two] = [await read(world.authority, 'snapshot'), await read(other, 'snapshot')]
  expect(one.feed).toBe(two.feed)
})

test('what one revokes the other knows at once in its own app', async () => {
  const { accessToken, refreshToken } = await signUp(world.call)
  expect(await fateOf(other.auth.verifier, accessToken)).toBe('good')
  await world.call('POST /logout', { body: { refreshToken } })
  await vi.waitFor(
    async () => expect(await fateOf(other.auth.verifier, accessToken)).toBe('TOKEN_REVOKED'),
    { interval: 5, timeout: 500 },
  )
})

test('a verifier whose hub is gone goes on at the next, without starting anew', async () => {
  const third = await openAuthority({ beside: world.authority, rateLimits: 'off' })
  const hubs = [third, other].map(({ port }) => `http://127.0.0.1:${port}/api/auth`)
  const { clientId, clientSecret } = world.client
  const source = revocationFeed({ issuer, hubs, clientId, clientSecret, holdMs: 100 })
  const { keys } = other.deps
  const clock = world.authority.clock
  const verifier = createVerifier({ issuer, audience: issuer, keys, clock, revocation: source })
  await source.ready()
  const { resyncs } = source.status()

  await third.close()
  const { accessToken, refreshToken } = await signUp(world.call)
  await world.call('POST /logout', { body: { refreshToken } })
  await vi.waitFor(async () => expect(await fateOf(verifier, accessToken)).toBe('TOKEN_REVOKED'))
  await vi.waitFor(() => expect(source.ageMs()).toBeLessThan(1000))
  expect(source.status().resyncs).toBe(resyncs)
  source.close()
})
