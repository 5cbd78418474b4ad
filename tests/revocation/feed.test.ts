import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { signUp } from '../http/people.ts'
import { fateOf, openWorld, type World } from './world.ts'

let world: World
let authorization: string
beforeAll(async () => {
  world = await openWorld()
  const { clientId, clientSecret } = world.client
  authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`
})
afterAll(() => world.close())

const get = (line: string, headers: Record<string, string> = { authorization }) =>
  world.call(`GET /revocations/${line}`, { headers })

interface Part {
  readonly feed: string
  readonly cursor: string
  readonly entries: readonly (readonly unknown[])[]
  readonly held_ms: number
  readonly age_ms: number
  readonly nonce?: string
  readonly next: string | null
}

const logOut = async () => {
  const { refreshToken, sessionId } = await signUp(world.call)
  await world.call('POST /logout', { body: { refreshToken } })
  return sessionId
}

test('a first poll, without a cursor, is sent to the snapshot', async () => {
  const { status, body, headers } = await get('feed')
  expect([status, (body as { code: string }).code]).toEqual([410, 'CURSOR_GONE'])
  expect(headers['link']).toBe('</api/auth/revocations/snapshot>; rel="alternate"')
})

test('the snapshot leads to a cursor, and the feed goes on from there', async () => {
  const before = await logOut()
  const snapshot = (await get('snapshot')).body as Part
  expect(snapshot.entries.map(([kind, key]) => [kind, key])).toContainEqual(['s', before])
  const after = await logOut()
  const part = (await get(`feed?cursor=${snapshot.cursor}&nonce=n-1`)).body as Part
  expect(part).toMatchObject({ feed: snapshot.feed, nonce: 'n-1' })
  expect(part.entries).toEqual([['s', after, expect.any(Number)]])
})

test('a poll is held until something comes, and then says for how long', async () => {
  const { cursor } = (await get('snapshot')).body as Part
  const poll = get(`feed?cursor=${cursor}&hold=1000`)
  await new Promise((resolve) => setTimeout(resolve, 100))
  const gone = await logOut()
  const { entries, held_ms: heldMs, age_ms: ageMs } = (await poll).body as Part
  expect(entries.map(([, key]) => key)).toEqual([gone])
  expect(heldMs).toBeGreaterThan(90)
  expect(heldMs).toBeLessThan(1000)
  expect(ageMs).toBeLessThan(1000)
})

test('a poll with nothing new ends with its hold, and keeps its cursor', async () => {
  const { cursor: first } = (await get('snapshot')).body as Part
  // The hub may have another name for the same place.
  const { cursor } = (await get(`feed?cursor=${first}&hold=0`)).body as Part
  const part = (await get(`feed?cursor=${cursor}&hold=120`)).body as Part
  expect(part).toMatchObject({ cursor, entries: [] })
  expect(part.held_ms).toBeGreaterThanOrEqual(110)
})

describe('a cursor that leads nowhere', () => {
  test.each(['otherfeed~7', 'otherfeed~x'])('%s', async (cursor) => {
    expect((await get(`feed?cursor=${cursor}`)).status).toBe(410)
  })

  test('ahead of the ledger', async () => {
    const { feed } = (await get('snapshot')).body as Part
    expect((await get(`feed?cursor=${feed}~99999`)).status).toBe(410)
  })

  test('in a page', async () => {
    expect((await get('snapshot?page=otherfeed~7/7')).status).toBe(410)
  })
})

describe('who may read', () => {
  const withScopes = async (scopes: string[]) => {
    const { body } = await world.asAdmin('POST /admin/clients', { name: 'other', scopes })
    const { clientId, clientSecret } = body as { clientId: string; clientSecret: string }
    return { clientId, basic: `Basic ${btoa(`${clientId}:${clientSecret}`)}` }
  }

  test.each(['feed', 'snapshot'])('%s: nobody without credentials', async (line) => {
    expect(await get(line, {})).toMatchObject({ status: 401, body: { code: 'CLIENT_INVALID' } })
  })

  test.each([
    ['a wrong secret', () => `Basic ${btoa(`${world.client.clientId}:wrong`)}`],
    ['an unknown client', () => `Basic ${btoa('cli_AAAAAAAAAAAAAAAAAAAAAA:wrong')}`],
    ['a malformed header', () => 'Basic !!!'],
    ['an access token of a user', () => `Bearer ${world.admin.accessToken}`],
    ['no token', () => 'Bearer a.b.c'],
  ])('not with %s', async (_, make) => {
    const { status, body } = await get('feed', { authorization: make() })
    expect([status, (body as { code: string }).code]).toEqual([401, 'CLIENT_INVALID'])
  })

  test('not without the scope', async () => {
    const { basic } = await withScopes(['tokens:introspect'])
    const { status, body } = await get('snapshot', { authorization: basic })
    expect([status, (body as { code: string }).code]).toEqual([403, 'SCOPE_MISSING'])
  })

  test('not once disabled', async () => {
    const { clientId, basic } = await withScopes(['revocations:read'])
    expect((await get('snapshot', { authorization: basic })).status).toBe(200)
    await world.asAdmin(`PATCH /admin/clients/${clientId}`, { status: 'disabled' })
    expect((await get('snapshot', { authorization: basic })).status).toBe(401)
  })

  test('with an access token of the client, as far as its scope goes', async () => {
    const { basic } = await withScopes(['revocations:read', 'tokens:introspect'])
    const tokenFor = async (scope: string) => {
      const answer = await fetch(`${world.hubUrl}/token`, {
        method: 'POST',
        headers: { authorization: basic },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
      })
      return ((await answer.json()) as { access_token: string }).access_token
    }
    const bearer = async (scope: string) => ({ authorization: `Bearer ${await tokenFor(scope)}` })
    expect((await get('snapshot', await bearer('revocations:read'))).status).toBe(200)
    expect((await get('snapshot', await bearer('tokens:introspect'))).status).toBe(403)
  })
})

test('a verifier that never reached a hub is not ready, and nothing is accepted', async () => {
  const { accessToken } = await signUp(world.call)
  const { verifier, source } = world.follow()
  source.close()
  expect(source.isReady).toBe(false)
  expect(await fateOf(verifier, accessToken)).toBe('REVOCATION_STATE_STALE')
})

test('when the store cannot be read, polls answer 503 and nobody takes it for news', async () => {
  const broken = await openWorld()
  const { source } = broken.follow()
  await source.ready()
  await broken.authority.deps.stores.close()
  await vi.waitFor(() => expect(source.ageMs()).toBeGreaterThan(1000), { timeout: 5000 })
  expect(source.status().problems).toBeGreaterThan(0)
  await broken.close()
})
