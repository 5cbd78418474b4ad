import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createVerifier, remoteKeySet } from '@countersign/verify'
import { authenticate } from '@countersign/verify/express'
import express from 'express'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startAuth } from '../../packages/auth/src/app/create-auth.ts'
import { openDeps } from '../../packages/auth/src/app/open-deps.ts'
import type { Deps } from '../../packages/auth/src/features/deps.ts'
import { silentLogger } from '../../packages/auth/src/ports/logger.ts'
import { listen } from '../../packages/auth/src/server/listen.ts'
import { type FakeClock, fakeClock } from '../../packages/auth/src/testing/fake-clock.ts'
import { anyTestServer, makeDatabase } from '../postgres-server/test-databases.ts'
import { call, refresh, register, type Target, type Tokens, tokensOf } from './client.ts'
import { issuer } from './sandbox.ts'

// Eight authorities on one PostgreSQL, under one clock that the test moves: a rotation takes seven
// minutes and is due once a month. Each reads the keys again when it likes, so that some are always
// behind; clients do not wait for any of it.

const instances = 8
const clients = 16
const rotations = 3
/** Less than the ten seconds within which every process reads the keys again. */
const stepSeconds = 8
const secret = 'e41f'.padEnd(64, '07bd5c92a6f83e1d')

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

interface Authority extends Target {
  readonly deps: Deps
  close(): Promise<void>
}

let clock: FakeClock
let authorities: Authority[]
let apis: Api[]

beforeAll(async () => {
  const database = await makeDatabase(anyTestServer())
  clock = fakeClock()
  const open = () => openAuthority(database)
  authorities = await Promise.all(Array.from({ length: instances }, open))
  apis = await Promise.all(authorities.map(openApi))
})
afterAll(async () => {
  await Promise.all(apis.map(({ close }) => close()))
  await Promise.all(authorities.map(({ close }) => close()))
})

async function openAuthority(database: string): Promise<Authority> {
  const deps = await openDeps({
    issuer,
    database,
    secret,
    databasePoolSize: 5,
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

interface Api extends Target {
  close(): Promise<void>
}

/** A service that knows the keys of one authority, and keeps them as long as it may. */
async function openApi({ url }: Target): Promise<Api> {
  const keys = remoteKeySet({
    uri: `${url}/.well-known/jwks.json`,
    clock: () => clock.monotonicMs(),
  })
  const verifier = createVerifier({ issuer, audience: issuer, keys, clock })
  const app = express()
  app.get('/orders', authenticate(verifier), (_, response) => void response.json([]))
  const server = createServer(app)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** What clients saw. */
interface Sight {
  readonly refused: string[]
  readonly kids: Set<string>
  refreshes: number
  calls: number
}

/** Refreshes at one authority after another, and calls one API after another, without a pause. */
async function live({
  name,
  sight,
  isOver,
}: {
  name: number
  sight: Sight
  isOver: () => boolean
}): Promise<void> {
  const at = <T>(all: readonly T[], turn: number) => all[(name + turn) % all.length] as T
  const credentials = { email: `client${name}@example.com`, password: 'correct horse battery' }
  let tokens: Tokens = await register(at(authorities, 0), credentials)
  for (let turn = 0; !isOver(); turn++) {
    const answer = await refresh(at(authorities, turn), tokens.refreshToken)
    if (answer.status !== 200) sight.refused.push(`refresh: ${answer.status}`)
    tokens = tokensOf(answer)
    sight.refreshes += 1
    sight.kids.add(kidOf(tokens.accessToken))
    // Where its keys were fetched last, nobody knows.
    for (const offset of [0, 3, 5]) {
      const { status, body } = await call(at(apis, turn + offset), '/orders', tokens)
      if (status !== 200) sight.refused.push(`${status} ${String(body?.['code'])}`)
      sight.calls += 1
    }
  }
}

function kidOf(token: string): string {
  const header = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()
  return (JSON.parse(header) as { kid: string }).kid
}

const stagesAt = ({ deps }: Authority) => deps.keys.list().map(({ stage }) => stage)

const isRotating = (authority: Authority) => stagesAt(authority).includes('upcoming')

/** A moment later: half of the authorities have read the keys again, each at its own time. */
async function step(turn: number): Promise<void> {
  clock.advance(stepSeconds / 2)
  const due = authorities.filter((_, index) => index % 2 === turn % 2)
  await Promise.all(due.map(({ deps }) => deps.keys.reload()))
  for (const authority of authorities) {
    const stages = stagesAt(authority)
    expect(stages.filter((stage) => stage === 'signing')).toHaveLength(1)
    expect(stages.filter((stage) => stage === 'upcoming').length).toBeLessThanOrEqual(1)
  }
}

/** Asks for a rotation everywhere at once. @returns How many were begun. */
async function rotateEverywhere(): Promise<number> {
  const asked = await Promise.allSettled(
    authorities.map(({ deps }) => deps.keys.rotate('usr_admin')),
  )
  const refused = asked.filter((one) => one.status === 'rejected')
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'ROTATION_PENDING' })
  return asked.length - refused.length
}

test('eight authorities rotate under load: no good token is refused, and one rotation goes on at a time', async () => {
  const sight: Sight = { refused: [], kids: new Set(), refreshes: 0, calls: 0 }
  let isOver = false
  const lives = Promise.all(
    Array.from({ length: clients }, (_, name) => live({ name, sight, isOver: () => isOver })),
  )
  lives.catch(() => {})
  const calmed = async () => {
    const before = sight.calls
    while (sight.calls < before + clients && sight.refused.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  await calmed()
  for (let rotation = 1; rotation <= rotations; rotation++) {
    expect(await rotateEverywhere()).toBe(1)
    for (let turn = 0; turn < 2 || authorities.some(isRotating); turn++) {
      await step(turn)
      if (turn % 10 === 5) expect(await rotateEverywhere()).toBe(0)
      if (turn % 10 === 0) await calmed()
    }
    await calmed()
  }
  isOver = true
  await lives.catch(() => {})

  expect(sight.refused).toEqual([])
  expect(sight.kids.size).toBe(rotations + 1)
  expect(sight.refreshes).toBeGreaterThan(clients)
})
