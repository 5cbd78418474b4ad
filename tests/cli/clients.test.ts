import { setTimeout as sleep } from 'node:timers/promises'
import { revocationFeed } from '@countersign/verify'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { signIn } from './server-calls.ts'
import { createWorkplace, type Workplace } from './workplace.ts'

// A process takes seconds to start on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let at: Workplace
let url: string
let client: { clientId: string; clientSecret: string }
beforeAll(async () => {
  at = await createWorkplace()
  url = await at.serve()
  const scopes = ['revocations:read', 'tokens:introspect']
  client = (await at.json(['clients', 'create', 'orders', ...scopes])) as typeof client
})
afterAll(() => at.remove())

const feedStatus = async ({ clientId, clientSecret }: typeof client) => {
  const authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`
  return (await fetch(`${url}/api/auth/revocations/snapshot`, { headers: { authorization } }))
    .status
}

test('who was created may read the ledger of a running server', async () => {
  expect(client.clientId).toMatch(/^cli_[\w-]{22}$/)
  expect(await feedStatus(client)).toBe(200)
})

test('create says the secret once, and list never', async () => {
  const said = await at.done(['clients', 'create', 'reports', 'revocations:read'])
  expect(said).toMatch(/^Created reports\. The secret is shown this once:\nclient id\tcli_/)
  const secret = /client secret\t(\S{43})\n/.exec(said)?.[1] ?? 'none'
  const listed = await at.done(['clients', 'list'])
  expect(listed).toMatch(/^cli_\S+\torders\tactive\trevocations:read tokens:introspect\t/)
  expect(listed).not.toContain(secret)
})

test('a new secret, a disabled and a deleted client are felt at once', async () => {
  const made = (await at.json(['clients', 'create', 'job', 'revocations:read'])) as typeof client
  const { clientId } = made
  const rotated = (await at.json(['clients', 'rotate-secret', clientId])) as typeof client
  expect([await feedStatus(made), await feedStatus(rotated)]).toEqual([401, 200])
  expect(await at.done(['clients', 'disable', clientId])).toBe(`${clientId} is disabled.\n`)
  expect(await feedStatus(rotated)).toBe(401)
  await at.done(['clients', 'enable', clientId])
  expect(await feedStatus(rotated)).toBe(200)
  expect(await at.done(['clients', 'delete', clientId])).toBe(`Deleted ${clientId}.\n`)
  expect(await feedStatus(rotated)).toBe(401)
})

test('sessions end --wait says how many verifiers refuse it', async () => {
  const issuer = 'http://localhost:4000'
  const { clientId, clientSecret } = client
  const source = revocationFeed({ issuer, hubs: [`${url}/api/auth`], clientId, clientSecret })
  await source.ready()
  // Until the server has noted that somebody follows.
  await sleep(500)
  await signIn(url, 'ada@example.com')
  const said = await at.done(['sessions', 'end', '--user', 'ada', '--wait', '5000'])
  expect(said).toMatch(
    /^Signed ada@example\.com out everywhere\. 1 of 1 verifiers refuse it after \d+ ms\.\n$/,
  )
  source.close()
})

test('keys revoke gives the signing key up, and the server signs with another', async () => {
  const kidOf = async () => {
    const { keys } = (await at.json(['keys', 'list'])) as { keys: { kid: string }[] }
    return keys.at(-1)?.kid ?? ''
  }
  const kid = await kidOf()
  expect(await at.done(['keys', 'revoke', kid])).toMatch(/^Revoked \S+\. Running servers/)
  await vi.waitFor(async () => expect(await kidOf()).not.toBe(''), { timeout: 20_000 })
  expect(await kidOf()).not.toBe(kid)
  expect((await signIn(url, 'ada@example.com')).status).toBe(200)
})
