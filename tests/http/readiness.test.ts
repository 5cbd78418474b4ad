import BetterSqlite from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { type Authority, openAuthority } from './authority.ts'
import { createFaults, unavailable } from './faults.ts'

// Probes come every few seconds, for as long as something lasts. What is wrong is for operators:
// it is in the log once, and in the answer to whoever has the token for metrics.

const metricsToken = 'a-token-for-metrics'
const faults = createFaults()

let authority: Authority | undefined
afterEach(async () => {
  faults.fail(null)
  await authority?.close()
})

async function open(): Promise<Authority> {
  authority = await openAuthority({ metricsToken, replace: faults.into })
  return authority
}

const probe = ({ from }: Authority) => from()('GET ~/readyz')
const probeWith = ({ from }: Authority, token: string) =>
  from()('GET ~/readyz', { headers: { authorization: `Bearer ${token}` } })

/** What the log tells of readiness. */
function told({ logLines }: Authority): unknown[] {
  return logLines
    .map((line) => JSON.parse(line) as { level: string; event?: string; reason?: string })
    .filter(({ event }) => event?.startsWith('readiness.'))
    .map(({ level, event, reason }) => [level, event, reason].filter(Boolean).join(' '))
}

/** The only signing key there is can no longer be opened. */
async function spoilKey({ databasePath, deps }: Authority): Promise<void> {
  const database = new BetterSqlite(databasePath)
  database.exec("UPDATE signing_keys SET kid = 'spoilt', sealed_private_key = 'noise'")
  database.close()
  await deps.keys.reload()
}

function removeStepOfSchema({ databasePath }: Authority): void {
  const database = new BetterSqlite(databasePath)
  database.exec("DELETE FROM countersign_migrations WHERE name LIKE '0002-%'")
  database.close()
}

const lacks: readonly (readonly [string, (broken: Authority) => unknown])[] = [
  ['store_unreachable', ({ deps }) => deps.stores.close()],
  ['schema_not_current', removeStepOfSchema],
  ['no_signing_key', spoilKey],
]

test.each(lacks)(
  '%s: operators are told, others only that it is not ready',
  async (reason, spoil) => {
    const broken = await open()
    await spoil(broken)
    const stranger = await probe(broken)
    expect(stranger).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } })
    expect(Number(stranger.headers['retry-after'])).toBeGreaterThan(0)
    expect(stranger.text).not.toContain(reason)
    expect((await probeWith(broken, 'another-token-for-metrics')).body).not.toHaveProperty('reason')
    expect(await probeWith(broken, metricsToken)).toMatchObject({
      status: 503,
      body: { code: 'UNAVAILABLE', reason },
    })
    expect(told(broken)).toEqual([`warn readiness.lost ${reason}`])
  },
)

test('probes that fail for hours are a line when it begins and one when it ends', async () => {
  const shaky = await open()
  await probe(shaky)
  expect(told(shaky)).toEqual([])

  faults.fail('stores.check', unavailable)
  for (let count = 0; count < 5; count++) await probe(shaky)
  faults.fail(null)
  for (let count = 0; count < 5; count++) await probe(shaky)
  const { logLines } = shaky
  expect(told(shaky)).toEqual(['warn readiness.lost store_unreachable', 'warn readiness.regained'])
  expect(logLines.filter((line) => /"level":"(?:warn|error)"/.test(line))).toHaveLength(2)
})

test('another reason is told as well', async () => {
  const worse = await open()
  await spoilKey(worse)
  await probe(worse)
  removeStepOfSchema(worse)
  await probe(worse)
  expect(told(worse)).toEqual([
    'warn readiness.lost no_signing_key',
    'warn readiness.lost schema_not_current',
  ])
})

test('without a token for metrics the reason is told to nobody', async () => {
  authority = await openAuthority()
  await authority.deps.stores.close()
  expect((await probeWith(authority, metricsToken)).body).not.toHaveProperty('reason')
  expect((await probeWith(authority, 'null')).body).not.toHaveProperty('reason')
  expect(told(authority)).toEqual(['warn readiness.lost store_unreachable'])
})
