import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, expect, inject, test } from 'vitest'
import { fakeRandom } from '../../packages/auth/src/testing/fake-random.ts'
import type { Target } from '../processes/client.ts'
import { type Experience, liveHonestly, noExperience } from '../processes/honest-client.ts'
import { expectKept, expectUsable } from '../processes/kept.ts'
import { createSandbox, type Environment } from '../processes/sandbox.ts'
import type { Fault, Impossible, World } from './fault.ts'
import { type FragilePostgres, openFragilePostgres } from './fragile-postgres.ts'
import { fullDisk } from './full-disk.ts'
import { openLossyProxy } from './lossy-proxy.ts'
import { isLong } from './plan.ts'
import { steppedClock } from './stepped-clock.ts'

// Honest clients sign up, refresh, change passwords, sign out and in, while something fails. None
// of them may be signed out, nothing that was acknowledged may be lost, and what was ended with an
// answer must stay dead.

const clients = isLong ? 40 : 12
const faultMs = isLong ? 30_000 : 4000

const sandbox = createSandbox()
const postgres = inject('store') === 'postgres' ? await openFragilePostgres() : null
const environment: Environment = {
  RATE_LIMITS: 'off',
  ...(postgres && {
    DATABASE_URL: postgres.url,
    COUNTERSIGN_SECRET: randomBytes(32).toString('hex'),
  }),
}
const table: string[] = []

afterAll(async () => {
  for (const fault of Object.values(faults)) if (!('why' in fault)) await fault.close?.()
  await postgres?.close()
  const heading =
    'fault                                     answered   503   lost  signed out  recovery'
  process.stdout.write(`${[heading, ...table].join('\n')}\n`)
})

async function openWorld(more: Environment = {}): Promise<World> {
  let found = Promise.withResolvers<Target>()
  const all = { ...environment, ...more }
  const serve = () => sandbox.serve(all)
  const world: World = {
    server: await serve(),
    find: () => found.promise,
    run: (launch) => sandbox.run({ ...launch, environment: all }),
    async killAndRestart() {
      found = Promise.withResolvers()
      await world.server.stop('SIGKILL')
      world.server = await serve()
      found.resolve(world.server)
    },
  }
  found.resolve(world.server)
  return world
}

async function repeat(
  everyMs: number,
  isOver: () => boolean,
  act: () => Promise<unknown>,
): Promise<void> {
  while (!isOver()) {
    await act()
    await sleep(everyMs)
  }
}

const faults: Readonly<Record<string, Fault | Impossible>> = {
  'the authority is killed (SIGKILL)': {
    fail: (world, isOver) => repeat(1000, isOver, () => world.killAndRestart()),
  },
  'answers are lost (15 %), requests come twice (20 %)': {
    fail: () => Promise.resolve(),
    async through({ server }) {
      const losses = { droppedAnswers: 38, duplicated: 51 }
      const proxy = await openLossyProxy(server.url, { random: fakeRandom('lossy'), losses })
      return {
        target: { url: proxy.url },
        async close() {
          expect(proxy.counts.dropped).toBeGreaterThan(0)
          expect(proxy.counts.duplicated).toBeGreaterThan(0)
          await proxy.close()
        },
      }
    },
  },
  'the disk is full': await fullDisk(inject('store')),
  'the clock is stepped ± 1 h': steppedClock(),
  ...(postgres && faultsOfStore(postgres)),
}

function faultsOfStore({ server, url }: FragilePostgres): Record<string, Fault> {
  return {
    'PostgreSQL crashes and comes back': {
      fail: (_, isOver) =>
        repeat(700, isOver, async () => {
          await server.stop('immediate')
          await sleep(200)
          await server.start()
        }),
    },
    'connections to PostgreSQL are cut': {
      fail: (_, isOver) =>
        repeat(200, isOver, async () => {
          const client = new pg.Client({ connectionString: url })
          await client.connect()
          await client.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'countersign'",
          )
          await client.end()
        }),
    },
    'two connections for everybody': {
      environment: { DATABASE_POOL_SIZE: '2' },
      fail: () => Promise.resolve(),
    },
  }
}

for (const [name, fault] of Object.entries(faults)) {
  test(name, async ({ skip }) => {
    if ('why' in fault) {
      table.push(`${name.padEnd(40)} SKIPPED: ${fault.why}`)
      skip(fault.why)
    } else {
      await survive(name, fault)
    }
  }, 180_000)
}

async function survive(name: string, fault: Fault): Promise<void> {
  const world = await openWorld(fault.environment)
  const between = await fault.through?.(world)
  const experience = noExperience()
  let isOver = false
  const lives = Promise.all(
    Array.from({ length: clients }, (_, index) =>
      liveHonestly({
        name: `${name.replaceAll(/\W+/g, '-').slice(0, 24)}${index}`.toLowerCase(),
        isKeyed: index % 2 === 0,
        experience,
        findServer: async () => between?.target ?? (await world.find()),
        isOver: () => isOver,
      }),
    ),
  )
  // Who is wronged gives up, and is heard below.
  lives.catch(() => {})

  const untilMs = performance.now() + faultMs
  const isHealed = () => performance.now() > untilMs || experience.wronged.length > 0
  await Promise.all([fault.fail(world, isHealed), sleep(faultMs)])
  const recoveryMs = await untilServed(experience)
  isOver = true
  await lives.catch(() => {})
  await between?.close()

  table.push(summary({ name, experience, recoveryMs }))
  expect(experience.wronged).toEqual([])
  await fault.check?.(world.server)
  const { ended, accessTokens } = experience
  await expectKept(world.server, { ended, accessTokens: accessTokens.filter(isInTime) })
  // However slow the machine is, each of them is answered.
  expect(experience.answered).toBeGreaterThan(clients)
  await expectUsable(world.server, experience)
  await world.server.stop('SIGTERM')
}

/** Whether a token was issued under a clock that was right, and not long ago. */
function isInTime(token: string): boolean {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  const { iat, exp } = JSON.parse(payload) as { iat: number; exp: number }
  const now = Date.now() / 1000
  return iat <= now && now < exp
}

/** Milliseconds until somebody is served. */
async function untilServed(experience: Experience): Promise<number> {
  const startedMs = performance.now()
  const count = () => experience.answered - experience.unavailable
  const before = count()
  while (count() === before && performance.now() - startedMs < 10_000) await sleep(1)
  return performance.now() - startedMs
}

function summary(input: {
  readonly name: string
  readonly experience: Experience
  readonly recoveryMs: number
}): string {
  const { name, experience, recoveryMs } = input
  return [
    name.slice(0, 40).padEnd(40),
    String(experience.answered).padStart(9),
    String(experience.unavailable).padStart(5),
    String(experience.lost).padStart(6),
    String(experience.wronged.length).padStart(11),
    `${Math.round(recoveryMs)} ms`.padStart(9),
  ].join(' ')
}
