import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { call, callAs, login, post, refresh, register, type Target } from './client.ts'
import { connect } from './connection.ts'
import { createSandbox, type LogLine, logged, outputWith, type Program } from './sandbox.ts'

const sandbox = createSandbox()
const inMemory = { DATABASE_URL: 'sqlite::memory:', RATE_LIMITS: 'off' }

/** Waits for a server whose log is for people. */
async function reached(program: Program): Promise<Target> {
  const port = await outputWith(program, ({ stdout }) =>
    /port: (\d+)\r?\n/.exec(stripVTControlCharacters(stdout)),
  )
  return { url: `http://127.0.0.1:${port[1]}` }
}

test.concurrent('in a pipe the log is JSON, a line for each request, found by the id in the answer', async () => {
  const server = await sandbox.serve({ ...inMemory, LOG_FORMAT: '' })
  await call(server, '/healthz')
  const { headers } = await call(server, '/api/auth/profile')
  const isAbout = ({ requestId }: LogLine) => requestId === headers.get('x-request-id')
  await logged(server, isAbout)
  expect(server.logs().filter(isAbout)).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      method: 'GET',
      route: '/profile',
      status: 401,
      requestId: expect.any(String),
      ip: '127.0.0.1',
      code: 'TOKEN_MISSING',
      msg: 'request',
    },
  ])
  expect(server.logs().map(({ route }) => route)).not.toContain('/healthz')
})

test.concurrent('a request keeps the id it comes with, unless that could harm a log', async () => {
  const server = await sandbox.serve(inMemory)
  const ids = ['order-17.retry_2', 'two words', '{"level":"fatal"}', 'x'.repeat(129)]
  const answers = await Promise.all(
    ids.map((id) => call(server, '/healthz', { headers: { 'x-request-id': id } })),
  )
  const [kept, ...replaced] = answers.map(({ headers }) => headers.get('x-request-id'))
  expect(kept).toBe('order-17.retry_2')
  for (const id of replaced) expect(id).toMatch(/^[\w-]{16}$/)
})

test.concurrent('on a terminal the log is for people', async () => {
  const program = sandbox.launch({
    environment: { ...inMemory, LOG_FORMAT: '', TERM: 'xterm' },
    onTerminal: true,
  })
  await call(await reached(program), '/api/auth/profile')
  const shown = await outputWith(
    program,
    ({ stdout }) => /\n.*TOKEN_MISSING/.exec(stdout) && stdout,
  )
  expect(stripVTControlCharacters(shown)).toMatch(
    /\[\d\d:\d\d:\d\d\] INFO: request\r\n {4}method: "GET"\r\n {4}route: "\/profile"/,
  )
  expect(shown).toContain('Try it, in another terminal:')
  expect(shown).not.toContain('{"level"')
})

test.concurrent('what is asked all the time is logged for those who look for a fault', async () => {
  const server = await sandbox.serve({ ...inMemory, LOG_LEVEL: 'debug' })
  await call(server, '/healthz')
  expect(await logged(server, ({ route }) => route === '/healthz')).toMatchObject({
    level: 'debug',
  })
})

test.concurrent('LOG_LEVEL=error: a server without errors says nothing', async () => {
  const environment = { ...inMemory, LOG_LEVEL: 'error' }
  const program = sandbox.launch({ environment })
  await outputWith(program, ({ stderr }) => /Countersign serves/.exec(stderr))
  program.child.kill('SIGTERM')
  expect(await program.ended).toEqual({ code: 0, signal: null })
  expect(program.output.stdout).toBe('')
})

// Line breaks and escape codes as they are and as they are written in URLs and JSON.
const forged = '\r\n{"level":"fatal","msg":"forged"}\u001b[2J\u009b31m'

test.concurrent.each(['json', 'pretty'])(
  'nobody writes lines of their own into a %s log',
  async (format) => {
    const program = sandbox.launch({
      environment: { ...inMemory, LOG_FORMAT: format, TRUST_PROXY: '1' },
    })
    const port = await outputWith(program, ({ stdout }) => /port"?: ?(\d+)/.exec(stdout)?.[1])
    const target = { url: `http://127.0.0.1:${port}` }
    const connection = await connect(target)
    connection.write(
      `GET /${encodeURIComponent(forged)}?q=${encodeURIComponent(forged)} HTTP/1.1\r\n`,
    )
    connection.write('Host: localhost\r\nUser-Agent: Mozilla\u009b31m {"level":"fatal"}\r\n')
    connection.write('X-Forwarded-For: 192.0.2.1\u009b31m, {"level":"fatal"}\r\n')
    connection.write('X-Request-Id: {"level":"fatal"}\r\nConnection: close\r\n\r\n')
    expect(await connection.closed).toMatch(/^HTTP\/1\.1 404 /)
    await login(target, { email: `${forged}@example.com`, password: forged })
    await call(target, '/api/auth/profile', { accessToken: encodeURIComponent(forged) })
    await outputWith(program, ({ stdout }) => /TOKEN_INVALID/.exec(stdout))

    expect(program.output.stdout).not.toMatch(/[^\n -~]|fatal|forged/)
  },
)

test.concurrent('no secret is in the log or in the database, whatever goes wrong', async () => {
  const secret = 'b5e1'.padEnd(64, '9c37f2a80d64')
  const server = await sandbox.serve({
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'debug',
    COUNTERSIGN_SECRET: secret,
  })
  const ada = { email: 'ada@example.com', password: 'the-first-password' }
  const first = await register(server, ada)
  const second = await register(server, { ...ada, email: 'ben@example.com' })
  const wrong = { email: ada.email, password: 'the-wrong-password' }
  const key = 'an-idempotency-key'
  const cookies = (await post(server, '/login', ada)).headers.getSetCookie()
  const renewed = await refresh(server, first.refreshToken, key)
  const secrets = [
    secret,
    ada.password,
    wrong.password,
    'the-new-password',
    key,
    ...[first, second].flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]),
    ...[renewed.body?.['accessToken'], renewed.body?.['refreshToken']].map(String),
    ...cookies.map((cookie) => /=([^;]+)/.exec(cookie)?.[1] ?? ''),
  ]
  await misuse(server, secrets)

  const change = { currentPassword: ada.password, newPassword: 'the-new-password' }
  const request = { method: 'POST', body: change }
  expect(await callAs(second, server, '/password/change', request)).toMatchObject({ status: 200 })
  await login(server, wrong)
  await refresh(server, first.refreshToken, 'another-idempotency-key')
  await server.stop('SIGTERM')

  const places = {
    log: server.output.stdout + server.output.stderr,
    database: readFileSync(join(sandbox.folder, 'countersign.db'), 'latin1'),
  }
  expect(places.log).toContain(second.userId)
  expect(places.database).toContain(second.userId)
  for (const [place, text] of Object.entries(places)) {
    const found = secrets.filter((secret) => text.includes(secret))
    expect({ place, found }).toEqual({ place, found: [] })
  }
})

/** Sends each secret where it does not belong. */
async function misuse(server: Target, secrets: readonly string[]): Promise<void> {
  for (const secret of secrets) {
    await call(server, `/api/auth/${secret}?token=${secret}`)
    await call(server, '/api/auth/profile', { accessToken: secret })
    await post(server, '/login', { identifier: secret, password: secret })
    await post(server, '/login', { [secret]: secret })
    await post(server, '/refresh', { refreshToken: secret })
  }
}
