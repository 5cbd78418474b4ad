import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { runOn } from '../postgres-server/test-databases.ts'
import { pathOf } from '../test-stores.ts'
import type { Exchange } from './client.ts'

/** Every secret that went over the wire in one run, and none of them twice. */
export type Vault = Set<string>

const secretMembers = [
  'password',
  'currentPassword',
  'newPassword',
  'accessToken',
  'refreshToken',
] as const

// What is shorter is no secret, and turns up anywhere.
const shortestSecret = 8

/** Puts away the passwords, tokens and cookies of a request and its answer. */
export function noteSecrets(vault: Vault, { call, answer }: Exchange): void {
  const found = [
    ...secretsOfBody(call.body),
    ...secretsOfBody(answer.body),
    ...cookieValues(call.headers?.['cookie']),
    ...answer.cookies.flatMap((cookie) => cookieValues(cookie.split(';', 1)[0])),
    call.token,
  ]
  for (const secret of found) {
    if (typeof secret === 'string' && secret.length >= shortestSecret) vault.add(secret)
  }
}

function secretsOfBody(body: unknown): unknown[] {
  if (typeof body !== 'object' || body === null) return []
  return secretMembers.map((name) => (body as Record<string, unknown>)[name])
}

function cookieValues(header: string | readonly string[] | undefined): string[] {
  return [header ?? []]
    .flat()
    .flatMap((line) => line.split(';'))
    .flatMap((pair) => /^ *(?:__Host-)?(?:refresh_token|device)=(.*)$/.exec(pair)?.[1] ?? [])
}

/**
 * The secrets that can be read in a text or in a database that nobody has open any more: in any
 * column, in the bytes of its files, as text or as the bytes that the text encodes.
 */
export async function leaks(vault: Vault, where: { text: string; url: string }): Promise<string[]> {
  const isFile = where.url.startsWith('sqlite:')
  const path = pathOf(where.url)
  const stored = isFile
    ? [Buffer.from(dumpDatabase(path)), ...filesOf(path)]
    : [await dumpPostgres(where.url)]
  const everything = Buffer.concat([Buffer.from(where.text), ...stored])
  return [...vault].filter((secret) => formsOf(secret).some((form) => everything.includes(form)))
}

function filesOf(databasePath: string): Buffer[] {
  const folder = dirname(databasePath)
  return readdirSync(folder)
    .filter((name) => name.startsWith(basename(databasePath)))
    .map((name) => readFileSync(join(folder, name)))
}

function formsOf(secret: string): Buffer[] {
  const text = Buffer.from(secret)
  const forms: Buffer[] = [
    text,
    Buffer.from(text.toString('base64url')),
    Buffer.from(text.toString('hex')),
  ]
  if (/^rt1_[\w-]{87}$/.test(secret)) forms.push(secretOfRefreshToken(secret))
  if (/^[0-9a-f]{64}$/.test(secret)) forms.push(Buffer.from(secret, 'hex'))
  return forms
}

// After the prefix: version (1), session id (16), generation (4), secret (32), tag (12).
function secretOfRefreshToken(token: string): Buffer {
  return Buffer.from(token.slice(4), 'base64url').subarray(21, 53)
}

/** Every row of every table as text, in an order of its own: equal dumps, equal databases. */
export function dumpDatabase(path: string): string {
  const database = new Database(path, { readonly: true })
  const tables = database
    .prepare(`select name from sqlite_schema where type = 'table' order by name`)
    .pluck()
    .all() as string[]
  const lines = tables.flatMap((table) =>
    database
      .prepare(`select * from "${table}"`)
      .all()
      .map((row) => `${table} ${JSON.stringify(row)}`)
      .toSorted(),
  )
  database.close()
  return lines.join('\n')
}

/** Every row of every table of a PostgreSQL database: as text, and bytes as they are. */
async function dumpPostgres(url: string): Promise<Buffer> {
  const tables = await runOn(
    url,
    "SELECT tablename FROM pg_tables WHERE schemaname = 'countersign'",
  )
  const parts: Buffer[] = []
  for (const { tablename } of tables.rows as { tablename: string }[]) {
    const { rows } = await runOn(url, `SELECT * FROM countersign.${tablename}`)
    for (const row of rows as object[]) {
      parts.push(Buffer.from(JSON.stringify(row)))
      parts.push(...Object.values(row).filter((value) => Buffer.isBuffer(value)))
    }
  }
  return Buffer.concat(parts)
}
