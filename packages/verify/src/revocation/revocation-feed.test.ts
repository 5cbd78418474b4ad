import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type FakeHub, fakeHub, type HubCall, type HubReply } from '../testing/fake-hub.ts'
import type { RevocationFeedOptions } from './feed-options.ts'
import { revocationFeed } from './revocation-feed.ts'
import type { RevocationSource } from './revocation-source.ts'

let hub: FakeHub
let second: FakeHub
const sources: RevocationSource[] = []
beforeEach(async () => {
  hub = await fakeHub()
  second = await fakeHub()
})
afterEach(async () => {
  for (const source of sources.splice(0)) source.close()
  await hub.close()
  await second.close()
})

const token = { sub: 'usr_1', sid: 'ses_1', tv: 0, rv: 0 }
const farOff = 4_000_000_000
const dead = ['s', 'ses_1', farOff]

function follow(options: Partial<RevocationFeedOptions> = {}): RevocationSource {
  const source = revocationFeed({
    issuer: hub.url,
    clientId: 'cli_1',
    clientSecret: 's3cret',
    holdMs: 50,
    ...options,
  })
  sources.push(source)
  return source
}

const snapshot = (members: object = {}): HubReply => ({
  json: { v: 1, feed: 'f1', cursor: 'f1~1', entries: [], next: null, ...members },
})
const feed = ({ query }: HubCall, members: object = {}): HubReply => ({
  json: {
    v: 1,
    feed: 'f1',
    cursor: 'f1~1',
    held_ms: 0,
    age_ms: 1,
    nonce: query['nonce'],
    entries: [],
    ...members,
  },
  delayMs: 5,
})
/** A good hub, but for what `poll` says to polls. */
const saying = (poll: (call: HubCall) => HubReply) => (call: HubCall) =>
  call.path.endsWith('/snapshot') ? snapshot() : poll(call)
const good = saying((call) => feed(call))

const revoked = (source: RevocationSource) => source.isRevoked(token, undefined)

test('it reads the snapshot, then polls, and is ready and fresh', async () => {
  hub.answer(good)
  const source = follow()
  await source.ready()
  expect(hub.calls.slice(0, 2).map(({ path }) => path)).toEqual([
    '/api/auth/revocations/snapshot',
    '/api/auth/revocations/feed',
  ])
  expect(source.ageMs()).toBeLessThan(1000)
})

test('a poll says how far the copy is, who asks, and for how long it may be held', async () => {
  hub.answer(good)
  await follow().ready()
  expect(hub.calls[1]).toMatchObject({
    query: { cursor: 'f1~1', hold: '50', verifier: expect.stringMatching(/^[\w-]{22}$/) },
    authorization: `Basic ${btoa('cli_1:s3cret')}`,
  })
})

test('the credentials are form-encoded before they are put together (RFC 6749 §2.3.1)', async () => {
  hub.answer(good)
  await follow({ clientId: 'a:b', clientSecret: 'c d%' }).ready()
  expect(hub.calls[0]?.authorization).toBe(`Basic ${btoa('a%3Ab:c+d%25')}`)
})

test('what the feed brings is known at once, and told', async () => {
  hub.answer(good)
  const source = follow()
  const told = vi.fn()
  source.on('revoked', told)
  await source.ready()
  expect(revoked(source)).toBe(false)
  hub.answer(saying((call) => feed(call, { cursor: 'f1~2', entries: [dead] })))
  await vi.waitFor(() => expect(revoked(source)).toBe(true))
  expect(told).toHaveBeenCalledWith({ kind: 'session', key: 'ses_1', floor: 0, expiresAt: farOff })
})

test('every page of a snapshot is read before the first poll', async () => {
  hub.answer((call) => {
    if (call.path.endsWith('/feed')) return feed(call)
    return call.query['page'] === 'p2' ? snapshot({ entries: [dead] }) : snapshot({ next: 'p2' })
  })
  const source = follow()
  await source.ready()
  expect(revoked(source)).toBe(true)
})

test('a snapshot alone proves no freshness', async () => {
  hub.answer(saying(() => ({ status: 503 })))
  const source = follow()
  await vi.waitFor(() => expect(source.status().problems).toBeGreaterThan(1))
  expect([source.isReady, source.ageMs()]).toEqual([false, Number.POSITIVE_INFINITY])
})

test('entries of kinds of a later version are passed over and counted', async () => {
  hub.answer(saying((call) => feed(call, { entries: [['z', 1, 2, 3], dead] })))
  const source = follow()
  await source.ready()
  expect(revoked(source)).toBe(true)
  expect(source.status().unknownEntries).toBeGreaterThan(0)
})

describe('an answer that cannot be right changes nothing and makes nothing fresh', () => {
  const bad: Readonly<Record<string, (call: HubCall) => HubReply>> = {
    'no JSON': () => ({ text: '<html>' }),
    'cut in the middle': (call) => ({ ...feed(call, { entries: [dead] }), cut: true }),
    'a list': () => ({ text: '[]' }),
    'of another version': (call) => feed(call, { v: 2 }),
    'without a cursor': (call) => feed(call, { cursor: undefined }),
    'without its age': (call) => feed(call, { age_ms: undefined, entries: [dead] }),
    'with an age below zero': (call) => feed(call, { age_ms: -5000, entries: [dead] }),
    'with an age that is text': (call) => feed(call, { age_ms: '1', entries: [dead] }),
    'with a malformed entry': (call) => feed(call, { entries: [dead, ['s', 7]] }),
    'to another poll': (call) => feed(call, { nonce: 'other', entries: [dead] }),
    'held for longer than it took': (call) => feed(call, { held_ms: 5000, entries: [dead] }),
    'of more than 2 MiB': (call) => feed(call, { padding: 'x'.repeat(2_200_000) }),
    'with a redirect': () => ({ status: 302 }),
    'of a server that fails': () => ({ status: 500 }),
    'to a client that may not': () => ({ status: 403 }),
    'to a client that is not known': () => ({ status: 401 }),
  }

  test.each(Object.keys(bad))('%s', async (name) => {
    hub.answer(saying(bad[name] ?? good))
    const source = follow()
    await vi.waitFor(() => expect(source.status().problems).toBeGreaterThan(0))
    expect([source.isReady, revoked(source)]).toEqual([false, false])
  })
})

test('an old answer of a cache makes the copy no younger', async () => {
  let kept: HubReply | null = null
  hub.answer(
    saying((call) => {
      kept ??= feed(call)
      return kept
    }),
  )
  const source = follow()
  await source.ready()
  await vi.waitFor(() => expect(source.status().problems).toBeGreaterThan(3))
  expect(source.ageMs()).toBeGreaterThan(100)
})

test('after 410 the snapshot is merged, and what was known stays', async () => {
  hub.answer(saying((call) => feed(call, { entries: [dead] })))
  const source = follow()
  await source.ready()
  hub.answer(saying(({ query }) => (query['cursor'] === 'f1~1' ? { status: 410 } : {})))
  await vi.waitFor(() => expect(source.status().resyncs).toBeGreaterThan(1))
  expect(revoked(source)).toBe(true)
})

test('a hub of another installation is read anew, and drops nothing', async () => {
  hub.answer(saying((call) => feed(call, { entries: [dead] })))
  const source = follow()
  await source.ready()
  hub.answer((call) => {
    const members = { feed: 'f2', cursor: 'f2~9' }
    return call.path.endsWith('/feed') ? feed(call, members) : snapshot(members)
  })
  await vi.waitFor(() => expect(hub.calls.at(-1)?.query['cursor']).toBe('f2~9'))
  expect(revoked(source)).toBe(true)
})

test('when a hub falls silent, the next one goes on from where the copy is', async () => {
  hub.answer(good)
  const source = follow({ hubs: [`${hub.url}/api/auth`, `${second.url}/api/auth`] })
  await source.ready()
  second.answer(saying((call) => feed(call, { entries: [dead] })))
  hub.answer(() => ({ silent: true }))
  await vi.waitFor(() => expect(revoked(source)).toBe(true), { timeout: 5000 })
  expect(second.calls[0]).toMatchObject({
    path: '/api/auth/revocations/feed',
    query: { cursor: 'f1~1' },
  })
})

test('it tells when it has lost sight of the ledger, and when it sees again', async () => {
  hub.answer(good)
  const source = follow()
  await source.ready()
  const told: string[] = []
  source.on('stale', () => told.push('stale'))
  source.on('fresh', () => told.push('fresh'))
  hub.answer(() => ({ status: 503 }))
  await vi.waitFor(() => expect(told).toEqual(['stale']), { timeout: 5000 })
  hub.answer(good)
  await vi.waitFor(() => expect(told).toEqual(['stale', 'fresh']), { timeout: 5000 })
})

test('a listener that fails stops nothing', async () => {
  hub.answer(saying((call) => feed(call, { entries: [dead] })))
  const source = follow()
  source.on('revoked', () => {
    throw new Error('mine')
  })
  await source.ready()
  await vi.waitFor(() => expect(hub.calls.length).toBeGreaterThan(4))
  expect(revoked(source)).toBe(true)
})

test('a process waits for the first copy, and is not kept by those that follow', async () => {
  hub.answer(good)
  const options = { issuer: hub.url, clientId: 'cli_1', clientSecret: 's3cret' }
  const program = `
    import { revocationFeed } from '@countersign/verify'
    await revocationFeed(${JSON.stringify(options)}).ready()
    console.log('ready')
  `
  const args = [...process.execArgv, '--input-type=module', '-e', program]
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 15_000 })
  expect(stdout).toBe('ready\n')
})

test('once closed it asks no more', async () => {
  hub.answer(good)
  const source = follow()
  await source.ready()
  source.close()
  await vi.waitFor(() => expect(hub.calls.length).toBeGreaterThan(0))
  const before = hub.calls.length
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(hub.calls.length - before).toBeLessThanOrEqual(1)
})

describe('asking the authority about one token', () => {
  const answering = (reply: HubReply) => (call: HubCall) =>
    call.path.endsWith('/introspect') ? reply : good(call)
  const asked = () => hub.calls.filter(({ path }) => path.endsWith('/introspect'))

  test.each([true, false])('the answer is %s', async (active) => {
    hub.answer(answering({ json: { active } }))
    expect(await follow().introspect?.('a.b.c')).toBe(active)
    expect(asked()[0]?.body).toBe('token=a.b.c&token_type_hint=access_token')
  })

  test('of many who ask at once, one question goes out', async () => {
    hub.answer(answering({ json: { active: true }, delayMs: 50 }))
    const source = follow()
    await Promise.all(Array.from({ length: 20 }, async () => source.introspect?.('a.b.c')))
    expect(asked()).toHaveLength(1)
  })

  test('an answer is kept for a second', async () => {
    let now = 0
    const clock = { monotonic: () => now, wall: () => now }
    hub.answer(answering({ json: { active: true } }))
    const source = follow({ clock })
    await source.introspect?.('a.b.c')
    now = 1000
    await source.introspect?.('a.b.c')
    expect(asked()).toHaveLength(1)
    now = 1001
    await source.introspect?.('a.b.c')
    expect(asked()).toHaveLength(2)
  })

  test.each<[string, HubReply]>([
    ['fails', { status: 503 }],
    ['does not know the client', { status: 401 }],
    ['says something else', { json: { active: 'yes' } }],
    ['is cut off', { json: { active: true }, cut: true }],
    ['falls silent', { silent: true }],
  ])('an authority that %s gives no answer', async (_, reply) => {
    hub.answer(answering(reply))
    await expect(follow().introspect?.('a.b.c')).rejects.toThrow('no hub can be asked')
  })

  test('another hub is asked when one fails', async () => {
    hub.answer(answering({ status: 503 }))
    second.answer((call) =>
      call.path.endsWith('/introspect') ? { json: { active: true } } : good(call),
    )
    const source = follow({ hubs: [`${hub.url}/api/auth`, `${second.url}/api/auth`] })
    expect(await source.introspect?.('a.b.c')).toBe(true)
  })
})

test.each([
  ['issuer', { issuer: '' }],
  ['clientId', { clientId: '' }],
  ['clientSecret', { clientSecret: undefined }],
  ['holdMs', { holdMs: 5000 }],
  ['hubs', { hubs: [] }],
  ['hubs', { hubs: ['http://hub.example/api/auth'] }],
  ['hubs', { hubs: ['https://user:pass@hub.example/api/auth'] }],
  ['hubs', { hubs: ['nowhere'] }],
  ['retries', { retries: 3 }],
])('%s is checked: %j', (name, options) => {
  expect(() => follow(options as Partial<RevocationFeedOptions>)).toThrow(name)
})
