import { createVerifier } from '@countersign/verify'
import BetterSqlite from 'better-sqlite3'
import { expect } from 'vitest'
import { login, refresh, type Target } from './client.ts'
import type { Experience } from './honest-client.ts'
import { issuer } from './sandbox.ts'

// What must be true of an authority, given what it has acknowledged.

/** Who has signed out stays signed out, and what was issued is still good. */
export async function expectKept(
  server: Target,
  { ended, accessTokens }: Pick<Experience, 'ended' | 'accessTokens'>,
): Promise<void> {
  for (const token of ended) {
    expect(await refresh(server, token)).toMatchObject({ body: { code: 'SESSION_REVOKED' } })
  }
  const jwksUri = `${server.url}/.well-known/jwks.json`
  const verifier = createVerifier({ issuer, audience: issuer, jwksUri })
  for (const token of accessTokens) {
    expect(await verifier.verify(token)).toMatchObject({ iss: issuer })
  }
}

/** Every session goes on with the token its client has, every user with their password. */
export async function expectUsable(
  server: Target,
  { live, passwords }: Pick<Experience, 'live' | 'passwords'>,
): Promise<void> {
  for (const token of live.values()) {
    expect(await refresh(server, token)).toMatchObject({ status: 200 })
  }
  for (const [email, password] of passwords) {
    expect(await login(server, { email, password })).toMatchObject({ status: 200 })
  }
}

/** The file itself is whole. */
export function expectSound(path: string): void {
  const database = new BetterSqlite(path)
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(database.pragma('foreign_key_check')).toEqual([])
  database.close()
}
