import { readFileSync } from 'node:fs'
import BetterSqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deriveSecretKeys } from '../../packages/auth/src/crypto/secrets.ts'
import type { LogFields } from '../../packages/auth/src/ports/logger.ts'
import {
  formatRefreshToken,
  hashRefreshSecret,
  parseRefreshToken,
} from '../../packages/auth/src/tokens/refresh-token.ts'
import { pathOf, sqliteFile } from '../test-stores.ts'
import {
  type Authority,
  attemptRefresh,
  openAuthority,
  refreshOnce,
  signIn,
  testSecrets,
} from './authority.ts'

const database = await sqliteFile.make()
const path = pathOf(database.url)
const logged: (LogFields | string)[] = []
const tokens: string[] = []
let authority: Authority

// A session that went through everything: refreshes, a repeat, a reuse.
beforeAll(async () => {
  const log = (...line: [LogFields, string]) => logged.push(...line)
  authority = await openAuthority(database.url, {
    log: { debug: log, info: log, warn: log, error: log },
  })
  const { refreshToken } = await signIn(authority)
  tokens.push(refreshToken)
  for (let count = 0; count < 3; count++) {
    tokens.push(await refreshOnce(authority, tokens.at(-1) ?? '', 'key-of-the-owner'))
  }
  await attemptRefresh(authority, tokens[2] ?? '', 'key-of-the-owner')
  await attemptRefresh(authority, refreshToken, 'key-of-the-thief')
})

afterAll(async () => {
  await authority.stores.close()
  database.remove()
})

describe('a copy of the database', () => {
  test('holds no token and no secret, in any column of any table', () => {
    const values = everyValue(path)
    expect(values.length).toBeGreaterThan(20)
    expect(traces().filter((trace) => values.some((value) => value.includes(trace)))).toEqual([])
  })

  test('holds none in the bytes of the file and its log either', () => {
    const bytes = [path, `${path}-wal`].map((file) => readFileSync(file))
    expect(traces().filter((trace) => bytes.some((file) => file.includes(trace)))).toEqual([])
  })

  test('holds the hash of the secret: the two searches above can find things', () => {
    const hash = Buffer.from(hashRefreshSecret(secretOf(tokens.at(-1) ?? '')))
    expect(everyValue(path).some((value) => value.includes(hash))).toBe(true)
    const bytes = [path, `${path}-wal`].map((file) => readFileSync(file))
    expect(bytes.some((file) => file.includes(hash))).toBe(true)
  })

  test('opens nothing: what is stored cannot be made into a token without the secret', async () => {
    const { session, refreshToken } = await signIn(authority)
    const stored = await authority.stores.sessions.find(session.id)
    const hash = stored?.generations[0]?.hash ?? new Uint8Array(32)
    const forged = { sessionId: session.id, generation: 0, secret: hash }
    const ownKeys = deriveSecretKeys(Buffer.alloc(32, 9))
    const guesses = [
      formatRefreshToken(ownKeys, forged),
      // Even with the right tag, the hash is not the secret.
      formatRefreshToken(testSecrets.current, forged),
    ]
    const attempts = await Promise.all(guesses.map((guess) => attemptRefresh(authority, guess)))
    expect(attempts.filter(({ token }) => token !== undefined)).toEqual([])
    expect(refreshToken).not.toBe(guesses[1])
  })
})

test('the log holds no token, no secret and no key', () => {
  const lines = Buffer.from(JSON.stringify(logged))
  expect(logged.length).toBeGreaterThan(0)
  expect(traces().filter((trace) => lines.includes(trace))).toEqual([])
})

function secretOf(token: string): Uint8Array {
  return parseRefreshToken(testSecrets, token)?.secret ?? new Uint8Array(32)
}

/** Every way in which a secret could show: the text, parts of it, the secret in four spellings. */
function traces(): Buffer[] {
  const keys = ['key-of-the-owner', 'key-of-the-thief']
  return [...keys, ...tokens.flatMap(tracesOf)].map((trace) => Buffer.from(trace))
}

function tracesOf(token: string): (string | Uint8Array)[] {
  const secret = Buffer.from(secretOf(token))
  return [
    token,
    // Whole groups of four characters that spell secret and tag alone.
    token.slice(32, 64),
    secret,
    secret.toString('hex'),
    secret.toString('base64'),
    secret.toString('base64url'),
  ]
}

function everyValue(path: string): Buffer[] {
  const db = new BetterSqlite(path, { readonly: true })
  try {
    const tables = db.prepare(`select name from sqlite_master where type = 'table'`).pluck().all()
    const rows = (tables as string[]).flatMap((table) =>
      db.prepare(`select * from "${table}"`).raw().all(),
    )
    return (rows as unknown[][]).flat().map(toBuffer)
  } finally {
    db.close()
  }
}

function toBuffer(value: unknown): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value))
}
