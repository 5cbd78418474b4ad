import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Authority,
  basePath,
  type CallAuthority,
  everything,
  openAuthority,
} from './authority.ts'
import { badBodies, badQueries, goodValue } from './bad-bodies.ts'
import { type BrokenBody, broken } from './broken-bodies.ts'
import { contractOf, type OpenApi, type Operation, type Schema } from './contract.ts'
import { type Mount, mounts } from './mounts.ts'
import { type Person, signUp, signUpAdmin } from './people.ts'
import { dumpDatabase } from './vault.ts'

// Made from the OpenAPI document: an endpoint that is added is covered without a line here.
// Every bad request must be a 4xx of the contract (the client checks that), and store nothing.

describe.each(mounts)('$name:', (mount) => {
  let authority: Authority
  let call: CallAuthority
  let admin: Person
  let target: Person
  let client: { clientId: string; clientSecret: string }
  let streamId: string
  let stored: string

  beforeAll(async () => {
    authority = await openAuthority({ mount, rateLimits: 'off', ...everything })
    call = authority.from()
    admin = await signUpAdmin(authority, call)
    target = await signUp(call)
    const body = { name: 'orders', scopes: ['revocations:read', 'ssf.manage'] }
    const made = await call('POST /admin/clients', { token: admin.accessToken, body })
    client = made.body as typeof client
    const authorization = `Basic ${btoa(`${client.clientId}:${client.clientSecret}`)}`
    const stream = await call('POST /ssf/streams', { headers: { authorization }, body: {} })
    streamId = (stream.body as { stream_id: string }).stream_id
    await authority.settle()
    stored = dumpDatabase(authority.databasePath)
  })
  afterAll(() => authority.close())

  const expectNothingStored = () => expect(dumpDatabase(authority.databasePath)).toBe(stored)

  /** As somebody who may do everything, at an object that is there. */
  const send: CallAuthority = (line, sent) => {
    const filled = line
      .replaceAll('{id}', target.id)
      .replaceAll('{name}', 'editor')
      .replaceAll('{kid}', 'some-key')
      .replaceAll('{clientId}', client.clientId)
      .replaceAll('{streamId}', streamId)
      .replaceAll('{list}', '0')
    return call(filled, { ...credentials(line), ...sent })
  }

  function credentials(line: string) {
    if (!/^\w+ \/(?:revocations|ssf)\//.test(line)) return { token: admin.accessToken }
    return {
      headers: { authorization: `Basic ${btoa(`${client.clientId}:${client.clientSecret}`)}` },
    }
  }

  for (const { line, operation } of operations()) {
    const bodies = badBodies(operation)
    if (bodies.length > 0) {
      test(`${line} refuses each of ${bodies.length} bad bodies, and stores nothing (G12)`, async () => {
        for (const { name, body, path } of bodies) {
          const isForeign = mount.parsesJson && (typeof body !== 'object' || body === null)
          const { status, body: problem, text } = await send(line, { body, isForeign })
          if (path) expect(pathsOf(problem), name).toContain(path)
          expect(refusals(line), `${name}: ${status} ${text}`).toContain(status)
        }
        expectNothingStored()
      })

      test(`${line} refuses each broken body, and stores nothing (lesson 38)`, async () => {
        const bodies = broken(goodBody(operation)).filter((body) => !isMended(mount, body))
        for (const { name, statuses, ...sent } of bodies) {
          const isForeign = isAnsweredInFront(mount, sent)
          const { status, text } = await send(line, { ...sent, isForeign })
          const expected = isForeign ? [400, 413, 415] : statuses
          expect(expected, `${name}: ${status} ${text}`).toContain(status)
        }
        expectNothingStored()
      })
    }

    const queries = badQueries(operation)
    if (queries.length > 0) {
      test(`${line} refuses each of ${queries.length} bad queries, and stores nothing`, async () => {
        for (const query of queries) {
          expect((await send(`${line}?${query}`)).status, query).toBe(400)
        }
        expectNothingStored()
      })
    }

    if (/\{\w+\}/.test(line)) {
      test(`${line} finds nothing under a bad id, and stores nothing`, async () => {
        for (const id of badIds) {
          const isForeign = mount.refusesMalformed === true && id === '%ff'
          const body = goodBody(operation)
          const { status } = await send(line.replace(/\{\w+\}/, id), { body, isForeign })
          expect([400, 404, 405], id).toContain(status)
        }
        expectNothingStored()
      })
    }
  }

  // A parser in front may have repaired it.
  if (!mount.parsesJson) {
    test('text that is no UTF-8 is refused, not repaired (lesson 38)', async () => {
      const answer = await send('PATCH /profile', {
        bytes: Buffer.from('{"name":"Ad\xc3("}', 'latin1'),
        headers: { 'content-type': 'application/json' },
      })
      expect(answer.status).toBe(400)
      expectNothingStored()
    })
  }

  test('after all of it the server is well', async () => {
    await signUp(call)
    expect((await call('GET /profile', { token: admin.accessToken })).status).toBe(200)
    expect(authority.logLines.filter((line) => line.includes('"level":"error"'))).toEqual([])
  })
})

type InFront = Omit<BrokenBody, 'name' | 'statuses'>

const isMended = (mount: Mount, body: InFront) => mount.parsesJson && body.mendedInFront === true

function isAnsweredInFront(mount: Mount, { answeredInFront, isMalformed }: InFront): boolean {
  if (mount.parsesJson && answeredInFront) return true
  return mount.refusesMalformed === true && isMalformed === true
}

const refusals = (line: string) =>
  // A token may be any text; what is wrong with it changes nothing for whoever signs out.
  line === 'POST /logout' ? [400, 200] : [400, 401, 403, 422]

function pathsOf(problem: unknown): string[] {
  const { errors = [] } = problem as { errors?: { path: string }[] }
  return errors.map(({ path }) => path)
}

const badIds = [
  'x'.repeat(65),
  'x'.repeat(2000),
  '__proto__',
  "'or'1'='1",
  '%00',
  '%2e%2e%2fusers',
  '..',
  '*',
  '%ff',
  '1;drop%20table%20users',
]

function operations(): { line: string; operation: Operation }[] {
  const settings = { basePath, issuer: 'https://auth.example.com', docs: false }
  const { paths }: OpenApi = contractOf(settings as never).document
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      line: `${method.toUpperCase()} ${path.startsWith(basePath) ? path.slice(basePath.length) : `~${path}`}`,
      operation,
    })),
  )
}

function goodBody({ requestBody }: Operation): object | undefined {
  const schema: Schema | undefined = requestBody?.content['application/json']?.schema
  return schema && (goodValue(schema) as object)
}
