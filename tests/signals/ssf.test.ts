import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Authority, type CallAuthority, openAuthority } from '../http/authority.ts'
import { codeOf, type Person, signUp, signUpAdmin } from '../http/people.ts'
import { openReceiver, type Receiver } from './receiver.ts'

// The receiver's side is written by the standards, with a library that is not ours.

// Without https a receiver may listen on loopback without it, too.
const issuer = 'http://localhost:4000'
const options = { issuer, securityEvents: 'on', rateLimits: 'off' } as const
const caep = 'https://schemas.openid.net/secevent/caep/event-type'
const push = 'urn:ietf:rfc:8935'

let authority: Authority
let call: CallAuthority
let admin: Person
beforeAll(async () => {
  authority = await openAuthority(options)
  call = authority.from()
  admin = await signUpAdmin(authority, call)
})
afterAll(() => authority.close())

interface Client {
  readonly id: string
  /** Calls with the client's secret. */
  call(line: string, body?: object): ReturnType<CallAuthority>
}

async function makeClient(scopes: string[] = ['ssf.manage']): Promise<Client> {
  const body = { name: 'receiver', scopes }
  const answer = await call('POST /admin/clients', { token: admin.accessToken, body })
  const { clientId, clientSecret } = answer.body as Record<string, string>
  const authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`
  return {
    id: clientId ?? '',
    call: (line, sent) => call(line, { headers: { authorization }, ...(sent && { body: sent }) }),
  }
}

interface Stream {
  readonly stream_id: string
  readonly delivery: { readonly method: string; readonly endpoint_url: string }
}

let client: Client
beforeEach(async () => {
  client = await makeClient()
})

async function makeStream(wish: object = {}): Promise<Stream> {
  const answer = await client.call('POST /ssf/streams', wish)
  expect(answer.status).toBe(201)
  return answer.body as Stream
}

const pollLine = ({ delivery }: Stream) => `POST ~${delivery.endpoint_url.slice(issuer.length)}`

async function poll(stream: Stream, body: object = { returnImmediately: true }) {
  const answer = await client.call(pollLine(stream), body)
  expect(answer.status).toBe(200)
  return answer.body as { sets: Record<string, string>; moreAvailable?: boolean }
}

/** Checks a token as a receiver does (RFC 8417 §2, SSF 1.0 §4.2). */
async function read(token: string): Promise<JWTPayload & { jti: string; events: object }> {
  const keys = (await call('GET ~/.well-known/jwks.json')).body as JSONWebKeySet
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
    typ: 'secevent+jwt',
    issuer,
    audience: client.id,
    requiredClaims: ['iat', 'jti', 'events', 'sub_id'],
  })
  expect(payload).not.toHaveProperty('sub')
  expect(payload).not.toHaveProperty('exp')
  expect(Object.keys(payload['events'] as object)).toHaveLength(1)
  return payload as JWTPayload & { jti: string; events: object }
}

async function readAll(sets: Record<string, string>) {
  const events = await Promise.all(Object.values(sets).map(read))
  expect(events.map(({ jti }) => jti)).toEqual(Object.keys(sets))
  return events
}

const logOut = ({ refreshToken }: Person) => call('POST /logout', { body: { refreshToken } })

test('the configuration says where everything is', async () => {
  const { body } = await call('GET ~/.well-known/ssf-configuration')
  expect(body).toMatchObject({
    issuer,
    spec_version: '1_0',
    delivery_methods_supported: [push, 'urn:ietf:rfc:8936'],
    configuration_endpoint: `${issuer}/api/auth/ssf/streams`,
    default_subjects: 'ALL',
  })
})

describe('what happened', () => {
  test('a logout is a session that was revoked', async () => {
    const stream = await makeStream()
    const person = await signUp(call)
    await logOut(person)
    const [event] = await readAll((await poll(stream)).sets)
    expect(event).toMatchObject({
      iat: authority.clock.now(),
      sub_id: { format: 'complex', session: { format: 'opaque', id: person.sessionId } },
      events: {
        [`${caep}/session-revoked`]: {
          event_timestamp: authority.clock.now(),
          initiating_entity: 'user',
          reason_admin: { en: 'The user signed out.' },
        },
      },
    })
  })

  test('a block ends every session of a user, by an administrator', async () => {
    const stream = await makeStream()
    const { id } = await signUp(call)
    const body = { status: 'blocked' }
    await call(`PATCH /admin/users/${id}`, { token: admin.accessToken, body })
    const [event] = await readAll((await poll(stream)).sets)
    expect(event).toMatchObject({
      sub_id: { format: 'iss_sub', iss: issuer, sub: id },
      events: { [`${caep}/session-revoked`]: { initiating_entity: 'admin' } },
    })
  })

  test('a new password is a credential that changed, and ends sessions', async () => {
    const stream = await makeStream()
    const { id, accessToken: token, password: currentPassword } = await signUp(call)
    const body = { currentPassword, newPassword: 'violet-harbour-9-lantern' }
    await call('POST /password/change', { token, body })
    const events = await readAll((await poll(stream)).sets)
    expect(events.map(({ sub_id: subject }) => subject)).toEqual(
      events.map(() => ({ format: 'iss_sub', iss: issuer, sub: id })),
    )
    expect(events.map(({ events: each }) => each)).toMatchObject([
      {
        [`${caep}/credential-change`]: { credential_type: 'password', change_type: 'update' },
      },
      { [`${caep}/session-revoked`]: {} },
    ])
  })

  test('only what was asked for is told', async () => {
    const stream = await makeStream({ events_requested: [`${caep}/credential-change`, 'urn:x'] })
    await logOut(await signUp(call))
    expect((await poll(stream)).sets).toEqual({})
  })

  test('changes of roles are none of these events', async () => {
    const stream = await makeStream()
    const { id } = await signUp(call)
    const body = { roles: ['admin'] }
    await call(`PATCH /admin/users/${id}`, { token: admin.accessToken, body })
    expect((await poll(stream)).sets).toEqual({})
  })
})

describe('events that are fetched (RFC 8936)', () => {
  test('come again under the same name until they are acknowledged', async () => {
    const stream = await makeStream()
    await logOut(await signUp(call))
    const first = Object.keys((await poll(stream)).sets)
    expect(first).toHaveLength(1)
    expect(Object.keys((await poll(stream)).sets)).toEqual(first)
    expect((await poll(stream, { returnImmediately: true, ack: first })).sets).toEqual({})
  })

  test('are told in the order they happened, as many as wanted', async () => {
    const stream = await makeStream()
    const people = [await signUp(call), await signUp(call), await signUp(call)]
    for (const person of people) await logOut(person)
    const part = await poll(stream, { returnImmediately: true, maxEvents: 2 })
    expect(part.moreAvailable).toBe(true)
    const ack = Object.keys(part.sets)
    expect(ack).toHaveLength(2)
    const rest = await poll(stream, { returnImmediately: true, ack })
    expect(rest).not.toHaveProperty('moreAvailable')
    const sessions = (await readAll({ ...part.sets, ...rest.sets })).map(
      ({ sub_id: subject }) => (subject as { session: { id: string } }).session.id,
    )
    expect(sessions).toEqual(people.map(({ sessionId }) => sessionId))
  })

  test('that were refused are not sent again, and the log says so', async () => {
    const stream = await makeStream()
    await logOut(await signUp(call))
    const [jti = ''] = Object.keys((await poll(stream)).sets)
    const setErrs = { [jti]: { err: 'invalid_audience', description: 'not me' } }
    expect((await poll(stream, { returnImmediately: true, setErrs })).sets).toEqual({})
    expect(authority.logLines.join('\n')).toContain('invalid_audience')
  })

  test('are waited for', async () => {
    const stream = await makeStream()
    const person = await signUp(call)
    const waiting = poll(stream, {})
    await logOut(person)
    expect(Object.keys((await waiting).sets)).toHaveLength(1)
  })

  test('an acknowledgement alone asks for none', async () => {
    const stream = await makeStream()
    await logOut(await signUp(call))
    expect(await poll(stream, { maxEvents: 0, ack: ['ghost'] })).toEqual({ sets: {} })
  })
})

describe('events that are pushed (RFC 8935)', () => {
  let receiver: Receiver
  beforeEach(async () => {
    receiver = await openReceiver()
  })
  afterEach(() => receiver.close())

  const delivered = (count: number) =>
    expect.poll(() => receiver.deliveries.length, { timeout: 10_000 }).toBe(count)

  test('arrive at once, with the header the receiver asked for', async () => {
    const header = 'Bearer a-secret-of-the-receiver'
    authority.vault.add(header)
    const delivery = { method: push, endpoint_url: receiver.url, authorization_header: header }
    const stream = await makeStream({ delivery })
    expect(JSON.stringify(stream)).not.toContain(header)
    const person = await signUp(call)
    await logOut(person)
    await delivered(1)
    const [first] = receiver.deliveries
    expect(first?.headers).toMatchObject({
      'content-type': 'application/secevent+jwt',
      authorization: header,
    })
    expect(await read(first?.token ?? '')).toMatchObject({
      sub_id: { session: { id: person.sessionId } },
    })
    await client.call(`DELETE /ssf/streams?stream_id=${stream.stream_id}`)
  })

  test('wait for a receiver that does not take them, and keep their names', async () => {
    receiver.answer(503)
    await makeStream({ delivery: { method: push, endpoint_url: receiver.url } })
    await logOut(await signUp(call))
    await logOut(await signUp(call))
    const names = async () => {
      const all = await Promise.all(receiver.deliveries.map(({ token }) => read(token)))
      return all.map(({ jti }) => jti)
    }
    await expect.poll(() => receiver.deliveries.length, { timeout: 10_000 }).toBeGreaterThan(1)
    // The second waits for the first.
    expect(new Set(await names()).size).toBe(1)
    receiver.answer(202)
    await expect.poll(async () => new Set(await names()).size, { timeout: 15_000 }).toBe(2)
    // The one that was refused was sent again.
    expect((await names()).length).toBeGreaterThan(2)
  })

  test('reach a receiver while another one is slow', async () => {
    const slow = await openReceiver()
    slow.hang()
    await makeStream({ delivery: { method: push, endpoint_url: slow.url } })
    client = await makeClient()
    await makeStream({ delivery: { method: push, endpoint_url: receiver.url } })
    await logOut(await signUp(call))
    await expect.poll(() => slow.deliveries.length).toBe(1)
    await delivered(1)
    await slow.close()
  })

  test('are given up when the receiver says that they are wrong', async () => {
    receiver.answer(400, { err: 'invalid_key', description: 'who are you' })
    await makeStream({ delivery: { method: push, endpoint_url: receiver.url } })
    await logOut(await signUp(call))
    await delivered(1)
    receiver.answer(202)
    await logOut(await signUp(call))
    await delivered(2)
    const [refused, taken] = await Promise.all(receiver.deliveries.map(({ token }) => read(token)))
    expect(taken?.jti).not.toBe(refused?.jti)
    expect(authority.logLines.join('\n')).toContain('invalid_key')
  })

  test('survive a restart, and two authorities send each once', async () => {
    receiver.answer(503)
    await makeStream({ delivery: { method: push, endpoint_url: receiver.url } })
    await logOut(await signUp(call))
    await expect.poll(() => receiver.deliveries.length).toBeGreaterThan(0)
    receiver.deliveries.length = 0
    receiver.answer(202)
    const other = await openAuthority({ ...options, beside: authority })
    await delivered(1)
    await other.close()
  })

  test.each([
    'http://receiver.example.com/events',
    'https://user:password@receiver.example.com/',
    'https://receiver.example.com/#fragment',
    'ftp://receiver.example.com/',
    'nonsense',
  ])('are not sent to %s', async (url) => {
    const wish = { delivery: { method: push, endpoint_url: url } }
    const answer = await client.call('POST /ssf/streams', wish)
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'delivery.endpoint_url' }] },
    })
  })
})

describe('a stream', () => {
  test('is one for a client', async () => {
    const stream = await makeStream({ description: 'mine' })
    expect(codeOf(await client.call('POST /ssf/streams', {}))).toBe('STREAM_EXISTS')
    expect((await client.call('GET /ssf/streams')).body).toEqual([stream])
    const line = `/ssf/streams?stream_id=${stream.stream_id}`
    expect((await client.call(`GET ${line}`)).body).toEqual(stream)
    expect((await client.call(`DELETE ${line}`)).status).toBe(204)
    expect((await client.call(`GET ${line}`)).status).toBe(404)
    expect((await client.call('GET /ssf/streams')).body).toEqual([])
  })

  test('is changed in part, or replaced', async () => {
    const { stream_id: id } = await makeStream({ description: 'mine' })
    const events = [`${caep}/session-revoked`]
    const patch = { stream_id: id, events_requested: events, unknown: 'passed over' }
    expect((await client.call('PATCH /ssf/streams', patch)).body).toMatchObject({
      description: 'mine',
      events_delivered: events,
    })
    const { body } = await client.call('PUT /ssf/streams', { stream_id: id })
    expect(body).not.toHaveProperty('description')
  })

  test('that is paused keeps its events', async () => {
    const stream = await makeStream()
    const status = { stream_id: stream.stream_id, status: 'paused', reason: 'holiday' }
    expect((await client.call('POST /ssf/status', status)).body).toEqual(status)
    await logOut(await signUp(call))
    expect((await poll(stream)).sets).toEqual({})
    const line = `GET /ssf/status?stream_id=${stream.stream_id}`
    expect((await client.call(line)).body).toEqual(status)
    await client.call('POST /ssf/status', { stream_id: stream.stream_id, status: 'enabled' })
    expect(Object.keys((await poll(stream)).sets)).toHaveLength(1)
  })

  test('that is disabled tells nothing of that time', async () => {
    const stream = await makeStream()
    const { stream_id: id } = stream
    await client.call('POST /ssf/status', { stream_id: id, status: 'disabled' })
    await logOut(await signUp(call))
    await client.call('POST /ssf/status', { stream_id: id, status: 'enabled' })
    expect((await poll(stream)).sets).toEqual({})
  })

  test('shows on demand that events arrive', async () => {
    const stream = await makeStream()
    const wish = { stream_id: stream.stream_id, state: 'VGhpcyBpcyBhbiBleGFtcGxl' }
    expect((await client.call('POST /ssf/verify', wish)).status).toBe(204)
    const [event] = await readAll((await poll(stream)).sets)
    expect(event).toMatchObject({
      sub_id: { format: 'opaque', id: stream.stream_id },
      events: {
        'https://schemas.openid.net/secevent/ssf/event-type/verification': { state: wish.state },
      },
    })
  })

  test('is nobody else’s', async () => {
    const stream = await makeStream()
    const { stream_id: id } = stream
    const owner = client
    client = await makeClient()
    const answers = await Promise.all([
      client.call(`GET /ssf/streams?stream_id=${id}`),
      client.call('PATCH /ssf/streams', { stream_id: id }),
      client.call('PUT /ssf/streams', { stream_id: id }),
      client.call(`DELETE /ssf/streams?stream_id=${id}`),
      client.call(`GET /ssf/status?stream_id=${id}`),
      client.call('POST /ssf/status', { stream_id: id, status: 'disabled' }),
      client.call('POST /ssf/verify', { stream_id: id }),
      client.call(pollLine(stream), {}),
    ])
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404))
    client = owner
    expect(await poll(stream)).toEqual({ sets: {} })
  })

  test('needs the scope', async () => {
    client = await makeClient(['revocations:read'])
    expect((await client.call('POST /ssf/streams', {})).status).toBe(403)
  })
})
