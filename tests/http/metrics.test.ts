import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Authority, type CallAuthority, openAuthority } from './authority.ts'
import { newCredentials, signUp } from './people.ts'

const metricsToken = 'a-token-for-metrics'
let authority: Authority
let call: CallAuthority
beforeAll(async () => {
  authority = await openAuthority({ metricsToken })
  call = authority.from()
})
afterAll(() => authority.close())

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

/** The figures, by name and labels. */
async function read(): Promise<Map<string, number>> {
  const { status, text, headers } = await call('GET ~/metrics', bearer(metricsToken))
  expect([status, headers['content-type']]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ])
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ')
      return [line.slice(0, space), Number(line.slice(space + 1))]
    }),
  )
}

const requests = (method: string, route: string, status: number) =>
  `countersign_http_requests_total{method="${method}",route="${route}",status="${status}"}`

test('requests are counted by pattern and status, and timed', async () => {
  const before = await read()
  await signUp(call)
  await call('POST /login', { body: { identifier: 'nobody', password: 'not the password' } })
  const after = await read()
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0)
  expect(grown(requests('POST', '/register', 201))).toBe(1)
  expect(grown(requests('POST', '/login', 401))).toBe(1)
  expect(grown('countersign_refusals_total{code="INVALID_CREDENTIALS"}')).toBe(1)
  expect(grown('countersign_http_request_duration_seconds_count{route="/login"}')).toBe(1)
})

test('what is busy, old or waiting can be seen', async () => {
  const figures = await read()
  expect(figures.get('countersign_hashing_running')).toBe(0)
  expect(figures.get('countersign_signing_keys{stage="signing"}')).toBe(1)
  expect(figures.get('countersign_ledger_age_seconds')).toBeLessThan(1)
  expect(figures.get('countersign_feed_waiting_polls')).toBe(0)
  expect(figures.get('countersign_mail_waiting')).toBeLessThan(10)
  expect([...figures.keys()].some((name) => name.startsWith('countersign_build_info{'))).toBe(true)
  expect(figures.get('process_start_time_seconds')).toBeGreaterThan(0)
})

test('what strangers make up is no label', async () => {
  const { email, password } = newCredentials()
  await call('POST /login', { body: { identifier: email, password } })
  await call('GET /nowhere/somebody@example.com')
  await call('PURGE /login')
  const names = [...(await read()).keys()].join('\n')
  expect(names).not.toContain('somebody')
  expect(names).not.toContain(email)
  expect(names).not.toContain('PURGE')
  expect(names).toContain('route="none"')
})

test.each(['a-token-for-metric', 'a-token-for-metrics-', '', 'x'.repeat(5000)])(
  'the token "%.24s" opens nothing',
  async (token) => {
    expect((await call('GET ~/metrics', bearer(token))).status).toBe(401)
  },
)

test('without a token of an operator there are no metrics', async () => {
  expect((await call('GET ~/metrics')).status).toBe(401)
  const other = await openAuthority()
  expect((await other.from()('GET ~/metrics', bearer(metricsToken))).status).toBe(404)
  await other.close()
})
