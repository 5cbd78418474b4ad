import { type Auth, type AuthOptions, type Logger } from 'countersign'
import { type FakeClock, fakeClock, fakeRandom } from 'countersign/testing'
import { expect } from 'vitest'
import { startAuth } from '../../packages/auth/src/app/create-auth.ts'
import { openDeps } from '../../packages/auth/src/app/open-deps.ts'
import { sealAll } from '../../packages/auth/src/audit/sealer.ts'
import type { Deps } from '../../packages/auth/src/features/deps.ts'
import type { Mail, SendMail } from '../../packages/auth/src/ports/mail.ts'
import { givenStore, pathOf, type TestDatabase, type TestStore } from '../test-stores.ts'
import { cheapHasher } from './cheap-hasher.ts'
import { type Answer, type Call, createClient } from './client.ts'
import { type Contract, contractOf, contractProblems } from './contract.ts'
import { bare, type Mount } from './mounts.ts'
import { leaks, noteSecrets, type Vault } from './vault.ts'

export const issuer = 'https://auth.example.com'
export const trustedOrigin = 'https://app.example.com'
export const basePath = '/api/auth'

/** The application secret, as an operator would write it. */
const secret = Buffer.from(fakeRandom('application secret').bytes(32)).toString('hex')

/** Every endpoint there is. */
export const everything = {
  statusList: 'on',
  securityEvents: 'on',
  metricsToken: 'a-token-for-metrics',
} as const

/** Sends `METHOD /path`. A path counts from the base path, one with a `~` in front from the root. */
export type CallAuthority = (line: string, call?: Call) => Promise<Answer>

/** An authority that serves on loopback, on a database of its own, with a clock that stands still. */
export interface Authority {
  readonly auth: Auth
  readonly deps: Deps
  readonly mount: Mount
  readonly port: number
  readonly clock: FakeClock
  /** What was logged so far, one JSON object a line. */
  readonly logLines: readonly string[]
  readonly database: TestDatabase
  /** Of an SQLite database. */
  readonly databasePath: string
  /** Every mail that was sent so far. */
  readonly mails: readonly Mail[]
  /** Sends what is due, and finds the newest mail to an address. */
  mailTo(address: string): Promise<Mail>
  /** The secret in the link of that mail. */
  linkTo(address: string): Promise<string>
  /** The secrets that went over the wire, and the application secret. */
  readonly vault: Vault
  /** Calls of somebody with an address of their own; without one, of the next stranger. */
  from(address?: string): CallAuthority
  /** Does what the background would do in the next second: mail is sent, events are chained. */
  settle(): Promise<void>
  /** Stops serving, and looks whether any secret was left behind (lesson 37). */
  close(): Promise<void>
}

export interface AuthorityOptions extends AuthOptions {
  readonly mount?: Mount
  /** Default: of the kind this run is for. */
  readonly store?: TestStore
  /** Hash as in production. Default: cheaply. */
  readonly hashesPasswords?: boolean
  /** Sends mail elsewhere than to `mails`. */
  readonly sendBy?: SendMail
  /** Another authority, whose database and clock this one shares. */
  readonly beside?: Authority
  /** Breaks or replaces what the authority works with. */
  readonly replace?: (deps: Deps) => Partial<Deps>
}

/**
 * Starts an authority. Every answer it gives is held to the contract, see `contract.ts`.
 * It trusts one proxy, so that a test can be any address it likes.
 */
export async function openAuthority(options: AuthorityOptions = {}): Promise<Authority> {
  const { mount = bare, store = givenStore(), beside, replace, ...others } = options
  const { hashesPasswords = false, sendBy, ...authOptions } = others
  const database = beside?.database ?? (await store.make())
  const clock = beside?.clock ?? fakeClock()
  const logLines: string[] = []
  const mails: Mail[] = []
  const opened = await openDeps({
    issuer,
    trustedOrigins: [trustedOrigin],
    trustProxy: '1',
    secret,
    database: database.url,
    ports: {
      clock,
      log: recordingLog(logLines),
      mail:
        sendBy ??
        (async (mail) => {
          mails.push(mail)
        }),
    },
    ...authOptions,
  })
  const hasher = hashesPasswords ? opened.hasher : cheapHasher
  const deps = { ...opened, hasher, ...replace?.({ ...opened, hasher }) }
  const auth = startAuth(deps)
  const serving = await mount.serve(auth)
  const client = createClient(serving.port)
  const contract = contractOf(deps.settings)
  const vault: Vault = new Set([secret])
  let strangers = 0

  return {
    auth,
    deps,
    mount,
    port: serving.port,
    clock,
    logLines,
    database,
    databasePath: pathOf(database.url),
    vault,
    mails,
    mailTo: (address) => newestMail({ deps, mails }, address),
    async linkTo(address) {
      const { text } = await newestMail({ deps, mails }, address)
      const [, token = ''] = /#token=([\w-]{43})$/m.exec(text) ?? []
      expect(token, text).not.toBe('')
      vault.add(token)
      return token
    },
    from(address = `10.${(strangers >> 8) & 255}.${strangers++ & 255}.1`) {
      return async (line, call = {}) => {
        const { method, target } = parseLine(line)
        const headers = { 'x-forwarded-for': address, ...call.headers }
        const answer = await client.send(method, target, { ...call, headers })
        const path = target.split('?', 1)[0] ?? ''
        const exchange = { method, path, call: { ...call, headers }, answer }
        if (!isForeign(exchange, { auth, mount })) expectContract(contract, exchange, vault)
        noteSecrets(vault, exchange)
        return answer
      }
    },
    async settle() {
      await deps.mailer?.run()
      await sealAll(deps)
    },
    async close() {
      client.close()
      await serving.close()
      await auth.close()
      const left = await leaks(vault, { text: logLines.join('\n'), url: database.url })
      if (!beside) database.remove()
      expect(left).toEqual([])
    },
  }
}

async function newestMail(
  { deps, mails }: { deps: Deps; mails: readonly Mail[] },
  address: string,
): Promise<Mail> {
  await deps.mailer?.run()
  const mail = mails.findLast(({ to }) => to === address)
  if (!mail) throw new Error(`no mail to ${address}`)
  return mail
}

function parseLine(line: string): { method: string; target: string } {
  const [method = '', path = ''] = line.split(' ')
  return { method, target: path.startsWith('~') ? path.slice(1) : `${basePath}${path}` }
}

function isForeign(
  { path, call }: { path: string; call: Call },
  { auth, mount }: { auth: Auth; mount: Mount },
): boolean {
  return call.isForeign === true || (!mount.answersAll && !auth.owns(path))
}

function expectContract(
  contract: Contract,
  exchange: Parameters<typeof contractProblems>[1],
  vault: Vault,
): void {
  const { method, path, answer } = exchange
  const problems = contractProblems(contract, exchange, vault)
  expect(problems, `${method} ${path} → ${answer.status} ${answer.text}`).toEqual([])
}

function recordingLog(lines: string[]): Logger {
  const write = (level: string) => (fields: object, message: string) => {
    lines.push(JSON.stringify({ level, ...fields, message }))
  }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  }
}
