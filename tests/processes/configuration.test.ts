import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { createSandbox, type Environment } from './sandbox.ts'

// A server that is told something wrong or unsafe ends with all of it on standard error, and
// has not touched a file.

const sandbox = createSandbox()

/** Runs the server and expects it to refuse. @returns What it says, a line each. */
async function refusal(environment: Environment): Promise<string[]> {
  const { code, stdout, stderr } = await sandbox.run({ environment })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/\n$/)
  return stderr.trimEnd().split('\n')
}

// What is set, and the line that must come of it: what is wrong and what would do.
const mistakes: readonly (readonly [variable: string, value: string, line: RegExp])[] = [
  ['COUNTERSIGN_SECRT', 'x', /^error: COUNTERSIGN_SECRT is not a variable .+typing error\.$/],
  ['EMAIL_VERIFICATION', 'yes', /^error: EMAIL_VERIFICATION must be one of off, optional, req/],
  ['SMTP_URL', 'mail.example.com', /^error: SMTP_URL must be smtp:\/\/user:password@host/],
  ['MAIL_FROM', 'nobody', /^error: MAIL_FROM must be an address/],
  ['MAIL_TEMPLATES', '/nowhere', /^error: MAIL_TEMPLATES: the folder \/nowhere cannot be read/],
  ['ISSUER', 'http://auth.example.com', /^error: ISSUER must be an https origin .+loopback/],
  ['DATABASE_URL', 'mysql://root:hunter2@db/app', /^error: DATABASE_URL must be sqlite:<path>/],
  ['SIGNING_ALG', 'none', /^error: SIGNING_ALG must be one of ES256, /],
  ['ACCESS_TOKEN_EXPIRY', '2d', /^error: ACCESS_TOKEN_EXPIRY must be a duration from 1m to 60m/],
  ['REFRESH_TOKEN_EXPIRY', '1s', /^error: REFRESH_TOKEN_EXPIRY must be a duration from 5m/],
  ['SESSION_MAX_AGE', '-1d', /^error: SESSION_MAX_AGE must be a duration from 5m/],
  ['MAX_SESSIONS_PER_USER', '0', /^error: MAX_SESSIONS_PER_USER must be a whole number from 1/],
  ['TRUSTED_ORIGINS', '*', /^error: TRUSTED_ORIGINS must be origins such as https:/],
  ['TRUST_PROXY', 'everyone', /^error: TRUST_PROXY: neither "none", a number, an address/],
  ['PASSWORD_MIN_LENGTH', '4', /^error: PASSWORD_MIN_LENGTH must be a whole number from 8/],
  ['ON_REFRESH_REUSE', 'nothing', /^error: ON_REFRESH_REUSE must be one of session, user/],
  ['RATE_LIMITS', 'off', /^error: RATE_LIMITS=off .+refused in production. Remove it\.$/],
  ['COUNTERSIGN_SECRET', 'changeme', /^error: COUNTERSIGN_SECRET .+openssl rand -hex 32$/],
  [
    'COUNTERSIGN_SECRET_PREVIOUS',
    'correct-horse-battery-staple-correct-horse-battery',
    /^error: COUNTERSIGN_SECRET_PREVIOUS .+openssl rand -hex 32$/,
  ],
  ['ACCESS_TOKEN_SECRET', 'hush-hush', /^error: ACCESS_TOKEN_SECRET is only used with .+HS256/],
  ['PORT', '99999', /^error: PORT must be a number from 0 to 65535/],
  ['HOST', '0.0.0.0', /^error: HOST=0\.0\.0\.0 is reached from other machines.+Set ISSUER/],
  ['LOG_LEVEL', 'loud', /^error: LOG_LEVEL must be one of debug, /],
  ['LOG_FORMAT', 'xml', /^error: LOG_FORMAT must be pretty or json/],
  ['TLS_KEY_FILE', '/nowhere/key.pem', /^error: TLS_CERT_FILE and TLS_KEY_FILE .+set both/],
]

test.concurrent('every mistake is said at once, each with what would do, and nothing is made', async () => {
  const environment = Object.fromEntries(mistakes.map(([variable, value]) => [variable, value]))
  const lines = await refusal({ ...environment, NODE_ENV: 'production' })
  const saysNothing = mistakes.filter(([, , line]) => !lines.some((said) => line.test(said)))
  const unexpected = lines.filter((said) => !mistakes.some(([, , line]) => line.test(said)))
  expect({ saysNothing, unexpected }).toEqual({ saysNothing: [], unexpected: [] })
  expect(lines).toHaveLength(mistakes.length)
  expect(lines.join()).not.toMatch(/hunter2|changeme|correct-horse|hush-hush/)
  expect(readdirSync(sandbox.folder)).toEqual([])
})

const refused: readonly (readonly [what: string, environment: Environment, lines: RegExp[]])[] = [
  [
    'in production, an issuer over http',
    { NODE_ENV: 'production', ISSUER: 'http://auth.example.com' },
    [/^error: ISSUER must be an https origin/],
  ],
  [
    'in production, plain http for other machines',
    { NODE_ENV: 'production', HOST: '::' },
    [/^error: HOST=:: is reached from other machines.+Set ISSUER to the https origin/],
  ],
  [
    'the secret of a tutorial',
    { SIGNING_ALG: 'HS256', ACCESS_TOKEN_SECRET: 'your_access_token_secret_here' },
    [/^error: ACCESS_TOKEN_SECRET .+openssl rand/],
  ],
  [
    'PostgreSQL without a secret',
    { DATABASE_URL: 'postgres://app:hunter2@db/app' },
    [/^error: PostgreSQL needs COUNTERSIGN_SECRET.+openssl rand/],
  ],
  [
    'a PostgreSQL that is not there',
    {
      DATABASE_URL: 'postgres://app:hunter2@127.0.0.1:1/app',
      COUNTERSIGN_SECRET: randomBytes(32).toString('hex'),
    },
    [/^error: No PostgreSQL server answers at 127\.0\.0\.1:1 .+DATABASE_URL/],
  ],
]

test.concurrent.each(refused)('refused: %s', async (_what, environment, lines) => {
  const said = await refusal(environment)
  expect(said).toEqual(lines.map((line) => expect.stringMatching(line)))
  expect(said.join()).not.toMatch(/hunter2|your_access/)
  expect(readdirSync(sandbox.folder)).toEqual([])
})

const inMemory = { DATABASE_URL: 'sqlite::memory:' }

test.concurrent('a port that is in use is one line that names it', async () => {
  const holder = createServer()
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  const { port } = holder.address() as AddressInfo
  const { code, stderr } = await sandbox.run({ environment: { ...inMemory, PORT: String(port) } })
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `error: Port ${port} is in use. Stop what uses it, or set PORT.\n`,
  })
  await new Promise((resolve) => holder.close(resolve))
})

test.concurrent('an address of another machine is one line that names it', async () => {
  const { code, stderr } = await sandbox.run({ environment: { ...inMemory, HOST: '192.0.2.1' } })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: Cannot listen on 192\.0\.2\.1:0 .+ Set HOST and PORT\.\n$/)
})
