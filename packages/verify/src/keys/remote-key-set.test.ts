import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Jwk } from './jwk.ts'
import { KeysUnavailableError } from './key-source.ts'
import { remoteKeySet } from './remote-key-set.ts'
import type { RemoteKeySetEvent, RemoteKeySetOptions } from './remote-key-set-options.ts'

const uri = 'https://issuer.example/.well-known/jwks.json'

function publicJwk(kid: string): Jwk {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...publicKey.export({ format: 'jwk' }), kty: 'EC', kid, alg: 'ES256', use: 'sig' }
}

const first = publicJwk('first')
const second = publicJwk('second')

/** An issuer that publishes what the test says, and a key set that reads it. */
function setUp(options: Partial<RemoteKeySetOptions> = {}) {
  const issuer = {
    keys: [first] as unknown[],
    headers: {} as Record<string, string>,
    /** What to answer instead of the keys. */
    answer: null as null | (() => Response | Promise<Response>),
    requests: [] as RequestInit[],
  }
  const time = { ms: 5_000_000 }
  const events: RemoteKeySetEvent[] = []
  const keys = remoteKeySet({
    uri,
    clock: () => time.ms,
    fetch: async (_url, init) => {
      issuer.requests.push(init)
      if (issuer.answer) return issuer.answer()
      return Response.json({ keys: issuer.keys }, { headers: issuer.headers })
    },
    onEvent: (event) => events.push(event),
    ...options,
  })
  return {
    issuer,
    events,
    keys,
    find: async (kid?: string) => (await keys.find(kid, 'ES256'))?.kid ?? null,
    advance: (seconds: number) => {
      time.ms += seconds * 1000
    },
  }
}

/** Lets a refresh behind an answer come to its end. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

function down(): never {
  throw new Error('connection refused')
}

describe('a key set of an issuer', () => {
  test('is fetched at its first use, not before', async () => {
    const { issuer, find } = setUp()
    expect(issuer.requests).toHaveLength(0)
    expect(await find('first')).toBe('first')
    expect(issuer.requests).toHaveLength(1)
  })

  test('answers without a promise while it is fresh', async () => {
    const { keys, find, advance } = setUp()
    await find('first')
    advance(300)
    expect(keys.find('first', 'ES256')).toMatchObject({ kid: 'first' })
  })

  test('does not give a key for another algorithm than its own', async () => {
    const { keys, find, issuer, advance } = setUp()
    await find('first')
    advance(20)
    expect(keys.find('first', 'HS256')).toBeNull()
    expect(issuer.requests).toHaveLength(1)
  })

  test('gives its only key to a token that names none', async () => {
    expect(await setUp().find(undefined)).toBe('first')
  })

  test('makes one request for any number of first searches', async () => {
    const { issuer, find } = setUp()
    const found = await Promise.all(Array.from({ length: 100 }, () => find('first')))
    expect(new Set(found)).toEqual(new Set(['first']))
    expect(issuer.requests).toHaveLength(1)
  })

  test('passes over keys of other kinds and for other uses', async () => {
    const { issuer, find } = setUp()
    issuer.keys = [{ kty: 'AKP', alg: 'ML-DSA-44' }, { ...second, use: 'enc' }, first]
    expect(await find('first')).toBe('first')
    expect(await find('second')).toBeNull()
  })

  test('tells which keys it has passed over, and why', async () => {
    const { issuer, events, find } = setUp()
    const { publicKey: weak } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    issuer.keys = [first, { ...weak.export({ format: 'jwk' }), kid: 'weak', alg: 'RS256' }]
    await find('first')
    const ignored = [expect.stringMatching(/^Key 1 has fewer than 2048/)]
    expect(events).toEqual([{ type: 'refreshed', changed: true, keys: 1, ignored }])
  })

  test('asks for no redirect to be followed (lesson 31)', async () => {
    const { issuer, find } = setUp()
    await find('first')
    expect(issuer.requests[0]?.redirect).toBe('error')
  })

  test('tells that it has new keys, and that it has the same', async () => {
    const { events, find, advance } = setUp()
    await find('first')
    advance(301)
    await find('first')
    await settled()
    expect(events).toEqual([
      { type: 'refreshed', changed: true, keys: 1, ignored: [] },
      { type: 'refreshed', changed: false, keys: 1, ignored: [] },
    ])
  })

  test('goes on when its listener throws', async () => {
    const { find } = setUp({
      onEvent() {
        throw new Error('broken listener')
      },
    })
    expect(await find('first')).toBe('first')
  })
})

describe('a refresh', () => {
  test('happens behind the answer when freshness has just ended', async () => {
    const { issuer, keys, find, advance } = setUp()
    await find('first')
    issuer.keys = [second]
    advance(301)
    expect(keys.find('first', 'ES256')).toMatchObject({ kid: 'first' })
    await settled()
    expect(await find('second')).toBe('second')
    expect(issuer.requests).toHaveLength(2)
  })

  test('comes before the answer after a long pause: a removed key is refused', async () => {
    const { issuer, find, advance } = setUp()
    await find('first')
    issuer.keys = [second]
    advance(361)
    expect(await find('first')).toBeNull()
  })

  test.each([
    { sent: 'public, max-age=600', lastFreshSecond: 600 },
    { sent: 'max-age=0', lastFreshSecond: 60 },
    { sent: 'max-age=31536000', lastFreshSecond: 3600 },
    { sent: 'no-store', lastFreshSecond: 300 },
  ])('is due $lastFreshSecond s after `$sent`', async ({ sent, lastFreshSecond }) => {
    const { issuer, find, advance } = setUp()
    issuer.headers = { 'cache-control': sent }
    await find('first')
    advance(lastFreshSecond)
    await find('first')
    await settled()
    expect(issuer.requests).toHaveLength(1)
    advance(1)
    await find('first')
    await settled()
    expect(issuer.requests).toHaveLength(2)
  })

  test('sends the ETag it was given, and keeps the keys at 304', async () => {
    const { issuer, events, find, advance } = setUp()
    issuer.headers = { etag: '"v1"' }
    await find('first')
    issuer.answer = () => new Response(null, { status: 304 })
    advance(301)
    await find('first')
    await settled()
    expect(issuer.requests[0]?.headers).not.toHaveProperty('if-none-match')
    expect(issuer.requests[1]?.headers).toMatchObject({ 'if-none-match': '"v1"' })
    expect(events.at(-1)).toEqual({ type: 'refreshed', changed: false, keys: 1, ignored: [] })
    advance(299)
    expect(await find('first')).toBe('first')
    expect(issuer.requests).toHaveLength(2)
  })

  test('is started by reading the version: cached signatures are use too', async () => {
    const { issuer, keys, find, advance } = setUp()
    await find('first')
    issuer.keys = [second]
    advance(301)
    const before = keys.version
    await settled()
    expect(keys.version).not.toBe(before)
  })
})

describe('the version', () => {
  test('stays when the issuer confirms the set', async () => {
    const { keys, find, advance } = setUp()
    await find('first')
    const before = keys.version
    advance(301)
    await find('first')
    await settled()
    expect(keys.version).toBe(before)
  })

  test('is another one while the set must be asked for first', async () => {
    const { keys, find, advance } = setUp()
    await find('first')
    const before = keys.version
    advance(361)
    expect(keys.version).not.toBe(before)
    await find('first')
    expect(keys.version).toBe(before)
  })

  test('is another one when the set has lapsed', async () => {
    const { issuer, keys, find, advance } = setUp({ staleIfErrorSeconds: 600 })
    await find('first')
    const before = keys.version
    issuer.answer = down
    advance(901)
    await expect(find('first')).rejects.toThrow(KeysUnavailableError)
    expect(keys.version).not.toBe(before)
  })
})

test('the version of a set that must not be used never comes back', async () => {
  const { keys, find, advance } = setUp()
  const versions = new Set<number>()
  for (let day = 0; day < 5; day += 1) {
    versions.add(keys.version)
    await find('first')
    advance(86_400 + 301)
  }
  expect(versions.size).toBe(5)
})

describe('an issuer that fails', () => {
  test('leaves a verifier without keys unavailable, not unauthorized', async () => {
    const { issuer, find } = setUp()
    issuer.answer = down
    await expect(find('first')).rejects.toMatchObject({ status: 503, retryAfterSeconds: 1 })
  })

  test('is asked at most once a second while there is no set', async () => {
    const { issuer, find, advance } = setUp()
    issuer.answer = down
    for (let tick = 0; tick < 40; tick += 1) {
      await find('first').catch(() => null)
      advance(0.1)
    }
    expect(issuer.requests).toHaveLength(4)
  })

  test('is tried again, and its keys are used as soon as it answers', async () => {
    const { issuer, find, advance } = setUp()
    issuer.answer = down
    await expect(find('first')).rejects.toThrow(KeysUnavailableError)
    issuer.answer = null
    advance(1)
    expect(await find('first')).toBe('first')
  })

  test('leaves the last good set in use', async () => {
    const { issuer, events, find, advance } = setUp()
    await find('first')
    issuer.answer = down
    advance(3600)
    expect(await find('first')).toBe('first')
    expect(events.at(-1)).toMatchObject({ type: 'refresh_failed' })
  })

  test('makes only the first search after a pause wait', async () => {
    const { issuer, keys, find, advance } = setUp()
    await find('first')
    issuer.answer = down
    advance(3600)
    await find('first')
    for (let second = 0; second < 120; second += 1) {
      advance(1)
      expect(keys.find('first', 'ES256')).toMatchObject({ kid: 'first' })
      await settled()
    }
    expect(issuer.requests).toHaveLength(2 + 12)
  })

  test('does not keep the last good set in use for ever', async () => {
    const { issuer, find, advance } = setUp({ staleIfErrorSeconds: 600 })
    await find('first')
    issuer.answer = down
    advance(900)
    expect(await find('first')).toBe('first')
    advance(1)
    await expect(find('first')).rejects.toThrow(KeysUnavailableError)
  })

  test('makes a key that is not in the last set unavailable, not unknown', async () => {
    const { issuer, find, advance } = setUp()
    await find('first')
    issuer.answer = down
    advance(10)
    await expect(find('second')).rejects.toMatchObject({ retryAfterSeconds: 10 })
  })

  const broken: { what: string; body: string; status?: number }[] = [
    { what: 'no JSON', body: '<html>' },
    { what: 'another JSON', body: '[]' },
    { what: 'keys that are no list', body: '{"keys":{}}' },
    { what: 'no key', body: '{"keys":[]}' },
    {
      what: 'two keys of one name',
      body: JSON.stringify({ keys: [second, { ...first, kid: 'second' }] }),
    },
    {
      what: 'too many keys',
      body: JSON.stringify({ keys: [...Array.from({ length: 64 }, () => ({ kty: 'x' })), second] }),
    },
    { what: 'a private key', body: JSON.stringify({ keys: [{ ...second, d: 'AQAB' }] }) },
    {
      what: 'a key set with an error status',
      body: JSON.stringify({ keys: [second] }),
      status: 500,
    },
    { what: 'a key set with status 201', body: JSON.stringify({ keys: [second] }), status: 201 },
    {
      what: 'too large a key set',
      body: JSON.stringify({ keys: [second], x: 'x'.repeat(262_144) }),
    },
  ]
  test.each(broken)('never replaces a good set with $what', async ({ body, status = 200 }) => {
    const { issuer, events, find, advance } = setUp()
    await find('first')
    issuer.answer = () => new Response(body, { status })
    advance(361)
    expect(await find('first')).toBe('first')
    expect(events.at(-1)).toMatchObject({ type: 'refresh_failed' })
  })

  test('cannot make a verifier without keys accept a 304', async () => {
    const { issuer, find } = setUp()
    issuer.answer = () => new Response(null, { status: 304 })
    await expect(find('first')).rejects.toThrow(KeysUnavailableError)
  })
})

describe('an unknown key id', () => {
  test('causes a request, which may bring the key', async () => {
    const { issuer, find, advance } = setUp()
    await find('first')
    issuer.keys = [first, second]
    advance(10)
    expect(await find('second')).toBe('second')
  })

  test('causes at most one request in 10 s, whatever the tokens say (lesson 36)', async () => {
    const { issuer, find, advance } = setUp()
    await find('first')
    for (let tick = 0; tick < 1000; tick += 1) {
      advance(0.05)
      expect(await find(`random ${tick}`)).toBeNull()
    }
    expect(issuer.requests.length).toBe(1 + 5)
  })

  test('is answered without a promise between two requests (lesson 36)', async () => {
    const { keys, find, advance } = setUp()
    await find('first')
    advance(9)
    expect(keys.find('random', 'ES256')).toBeNull()
  })

  test('shares one request with all others of its moment (lesson 36)', async () => {
    const { issuer, find, advance } = setUp()
    await find('first')
    advance(10)
    await Promise.all(Array.from({ length: 100 }, (_, index) => find(`random ${index}`)))
    expect(issuer.requests).toHaveLength(2)
  })

  test('that is a URL or a path is compared and nothing else (lesson 4)', async () => {
    const seen: string[] = []
    const { find } = setUp({
      fetch: async (url) => {
        seen.push(url)
        return Response.json({ keys: [first] })
      },
    })
    for (const kid of ['https://evil.example/jwks', '../../etc/passwd', '__proto__', '']) {
      expect(await find(kid)).toBeNull()
    }
    expect(seen).toEqual([uri])
  })
})
