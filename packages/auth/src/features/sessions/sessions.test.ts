import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Auth, createAuth } from '../../app/create-auth.ts'
import { type LogFields, silentLogger } from '../../ports/logger.ts'

const password = 'kornblume tanzt 7 mal'

interface SignedIn {
  readonly accessToken: string
  readonly refreshToken: string
  readonly sessionId: string
  readonly user: { readonly id: string }
}

let auth: Auth
let logged: LogFields[]
let ada: SignedIn

beforeEach(async () => {
  logged = []
  const log = { ...silentLogger, info: (fields: LogFields) => void logged.push(fields) }
  auth = await createAuth({ database: 'sqlite::memory:', ports: { log } })
  const answer = await call('POST', '/register', {
    body: { email: 'ada@example.com', password, transport: 'body' },
  })
  ada = (await answer.json()) as SignedIn
})

afterEach(() => auth.close())

function call(method: string, path: string, { body, as }: { body?: object; as?: SignedIn } = {}) {
  const headers = {
    ...(body && { 'content-type': 'application/json' }),
    ...(as && { authorization: `Bearer ${as.accessToken}` }),
  }
  const url = `http://localhost:4000/api/auth${path}`
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
  return auth.handler(new Request(url, init), '127.0.0.1')
}

const events = (name: string) => logged.filter(({ event }) => event === name)

test('the log tells of a sign-out once', async () => {
  const { refreshToken, sessionId } = ada
  await call('POST', '/logout', { body: { refreshToken } })
  await call('POST', '/logout', { body: { refreshToken } })
  expect(events('logout')).toEqual([{ event: 'logout', sessionId }])
})

test('the log tells which session its user has ended', async () => {
  await call('DELETE', `/sessions/${ada.sessionId}`, { as: ada })
  expect(events('session.ended')).toEqual([
    { event: 'session.ended', userId: ada.user.id, sessionId: ada.sessionId, by: 'user' },
  ])
})

test('the log tells that a user has signed out everywhere', async () => {
  await call('DELETE', '/sessions', { as: ada })
  expect(events('sessions.ended')).toEqual([
    { event: 'sessions.ended', userId: ada.user.id, by: 'user' },
  ])
})

test('the log tells that a user has signed out everywhere else', async () => {
  await call('DELETE', '/sessions?exceptCurrent=true', { as: ada })
  expect(events('sessions.ended')).toEqual([
    { event: 'sessions.ended', userId: ada.user.id, except: ada.sessionId, by: 'user' },
  ])
})
