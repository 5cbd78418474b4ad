import { type Auth, createAuth } from 'countersign'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createSnippetFolder, snippetWith } from './snippets.ts'

// The clients that `docs/guide/sessions-and-refresh.md` shows, run as they stand there.

const folder = createSnippetFolder()
const page = 'docs/guide/sessions-and-refresh.md'

type Fetch = (url: string, options?: RequestInit) => Promise<Response>

/** What was asked for, in order: `POST /api/auth/refresh`. */
let asked: string[]

afterEach(() => vi.unstubAllGlobals())

function answerWith(answer: Fetch): void {
  asked = []
  vi.stubGlobal('fetch', (url: string, options: RequestInit = {}) => {
    asked.push(`${options.method ?? 'GET'} ${url}`)
    return answer(url, options)
  })
}

describe('the front end', () => {
  interface FrontEnd {
    call(url: string): Promise<Response>
    refresh(): Promise<boolean>
  }
  let accepted: string
  let refreshStatus: number

  beforeEach(() => {
    accepted = 'token-1'
    refreshStatus = 200
    answerWith(async (url, options) => {
      if (url.endsWith('/refresh')) {
        return Response.json({ accessToken: accepted }, { status: refreshStatus })
      }
      const authorization = new Headers(options?.headers).get('authorization')
      return new Response(null, { status: authorization === `Bearer ${accepted}` ? 200 : 401 })
    })
  })

  // A module of its own for each test: it keeps the access token.
  async function load(): Promise<FrontEnd> {
    const snippet = snippetWith(page, 'js', 'export async function call')
    return (await import(folder.write(snippet))) as FrontEnd
  }

  test('gets an access token before its first call', async () => {
    const { call } = await load()
    const { status } = await call('/orders')
    expect([status, asked]).toEqual([200, ['POST /api/auth/refresh', 'GET /orders']])
  })

  test('refreshes silently when its access token has expired, and calls again', async () => {
    const { call } = await load()
    await call('/orders')
    accepted = 'token-2'
    asked = []
    const { status } = await call('/orders')
    expect([status, asked]).toEqual([200, ['GET /orders', 'POST /api/auth/refresh', 'GET /orders']])
  })

  test('refreshes once for calls at one moment', async () => {
    const { call } = await load()
    await Promise.all([call('/a'), call('/b'), call('/c')])
    expect(asked.filter((line) => line.endsWith('/refresh'))).toHaveLength(1)
  })

  test('is signed out by a 401 to a refresh', async () => {
    const { refresh } = await load()
    refreshStatus = 401
    expect(await refresh()).toBe(false)
  })

  test('is not signed out by a 503', async () => {
    const { call, refresh } = await load()
    await call('/orders')
    refreshStatus = 503
    await expect(refresh()).rejects.toThrow('503')
    expect((await call('/orders')).status).toBe(200)
  })
})

describe('the program', () => {
  interface Session {
    refreshToken: string
  }
  interface Program {
    startSession(refreshToken: string): Session
    refresh(session: Session): Promise<string>
  }
  const issuer = 'https://auth.example.com'
  let auth: Auth
  let program: Program
  let session: Session

  beforeEach(async () => {
    auth = await createAuth({ issuer, database: 'sqlite::memory:' })
    answerWith((url, options) => auth.handler(new Request(url, options), '192.0.2.1'))
    const snippet = snippetWith(page, 'ts', 'idempotency-key')
    const exported = 'export { refresh, startSession }\n'
    program = (await import(folder.write(snippet, exported))) as Program
    const body = { email: 'ada@example.com', password: 'correct horse battery', transport: 'body' }
    const answer = await fetch(`${issuer}/api/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    session = program.startSession(((await answer.json()) as Session).refreshToken)
  })

  afterEach(() => auth.close())

  test('gets access tokens for as long as it refreshes', async () => {
    for (let count = 0; count < 3; count++) {
      const { sid } = await auth.verifier.verify(await program.refresh(session))
      expect(sid).toMatch(/^ses_/)
    }
  })

  test('repeats a refresh whose answer was lost', async () => {
    const sent = session.refreshToken
    await program.refresh(session)
    const next = session.refreshToken
    session.refreshToken = sent
    await program.refresh(session)
    expect(session.refreshToken).toBe(next)
  })

  test('does not let a late answer replace a newer token', async () => {
    const late = program.refresh(session)
    session.refreshToken = 'newer'
    await late
    expect(session.refreshToken).toBe('newer')
  })
})
