import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Person, refreshWith, signInAs, signUp, tokensOf } from '../http/people.ts'
import { fateOf, openWorld, type World } from './world.ts'

let world: World
let elsewhere: ReturnType<World['follow']>
beforeAll(async () => {
  world = await openWorld()
  elsewhere = world.follow()
  await elsewhere.source.ready()
})
afterAll(() => world.close())

type Cause = (person: Person) => Promise<unknown>

/** Whatever ends what somebody was given. */
const causes: Readonly<Record<string, Cause>> = {
  'a logout': ({ refreshToken }) => world.call('POST /logout', { body: { refreshToken } }),
  'ending the session': ({ sessionId, accessToken: token }) =>
    world.call(`DELETE /sessions/${sessionId}`, { token }),
  'logging out everywhere': ({ accessToken: token }) => world.call('DELETE /sessions', { token }),
  'logging out everywhere else': async (person) => {
    const { accessToken: token } = await signInAs(world.call, person)
    return world.call('DELETE /sessions?exceptCurrent=true', { token })
  },
  'a new password': ({ accessToken: token, password: currentPassword }) =>
    world.call('POST /password/change', {
      token,
      body: { currentPassword, newPassword: `${currentPassword}-two` },
    }),
  'a block': ({ id }) => world.asAdmin(`PATCH /admin/users/${id}`, { status: 'blocked' }),
  'other roles': ({ id }) => world.asAdmin(`PATCH /admin/users/${id}`, { roles: [] }),
  'an administrator who ends the sessions': ({ id }) =>
    world.asAdmin(`DELETE /admin/users/${id}/sessions`),
  'an administrator who revokes': ({ id }) => world.asAdmin(`POST /admin/users/${id}/revoke`, {}),
  'an administrator who deletes the user': ({ id }) => world.asAdmin(`DELETE /admin/users/${id}`),
  'deleting the profile': ({ accessToken: token, password }) =>
    world.call('DELETE /profile', { token, body: { password } }),
  'a theft that was noticed': async ({ refreshToken }) => {
    tokensOf(await refreshWith(world.call, refreshToken))
    world.authority.clock.advance(61)
    return refreshWith(world.call, refreshToken)
  },
}

describe.each(Object.keys(causes))('%s', (name) => {
  test('leaves one entry, is known here at once, and elsewhere within a second', async () => {
    const { revocations } = world.authority.deps.stores
    const person = await signUp(world.call)
    const { accessToken } = person
    expect(await fateOf(world.authority.auth.verifier, accessToken)).toBe('good')
    await vi.waitFor(async () => expect(await fateOf(elsewhere.verifier, accessToken)).toBe('good'))

    const place = await revocations.position()
    const answer = await causes[name]?.(person)
    const answeredAt = performance.now()
    expect(answer).toBeDefined()
    expect(await fateOf(world.authority.auth.verifier, accessToken)).toBe('TOKEN_REVOKED')
    await vi.waitFor(
      async () => expect(await fateOf(elsewhere.verifier, accessToken)).toBe('TOKEN_REVOKED'),
      { interval: 5 },
    )
    expect(performance.now() - answeredAt).toBeLessThan(1000)
    expect((await revocations.readAfter(place, 100))?.entries).toHaveLength(1)
  })
})

test('a role that changes ends the tokens of who has it, and of nobody else', async () => {
  await world.asAdmin('PUT /admin/roles/editor', { permissions: ['posts:read'] })
  const [editor, reader] = [await signUp(world.call), await signUp(world.call)]
  await world.asAdmin(`PATCH /admin/users/${editor.id}`, { roles: ['editor'] })
  const fresh = tokensOf(await refreshWith(world.call, editor.refreshToken))
  await vi.waitFor(async () =>
    expect(await fateOf(elsewhere.verifier, fresh.accessToken)).toBe('good'),
  )

  await world.asAdmin('PUT /admin/roles/editor', { permissions: ['posts:write'] })
  await vi.waitFor(async () =>
    expect(await fateOf(elsewhere.verifier, fresh.accessToken)).toBe('TOKEN_REVOKED'),
  )
  expect(await fateOf(elsewhere.verifier, reader.accessToken)).toBe('good')

  const next = tokensOf(await refreshWith(world.call, fresh.refreshToken))
  expect(await fateOf(elsewhere.verifier, next.accessToken)).toBe('good')
  expect(await elsewhere.verifier.verify(next.accessToken)).toMatchObject({
    permissions: ['posts:write'],
  })
})

test('a service client that is disabled loses its tokens', async () => {
  const { clientId, clientSecret } = (
    await world.asAdmin('POST /admin/clients', { name: 'job', scopes: ['orders:write'] })
  ).body as { clientId: string; clientSecret: string }
  const answer = await fetch(`${world.hubUrl}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  expect(await elsewhere.verifier.verify(token)).toMatchObject({
    sub: clientId,
    client_id: clientId,
    scope: 'orders:write',
  })
  await world.asAdmin(`PATCH /admin/clients/${clientId}`, { status: 'disabled' })
  await vi.waitFor(async () =>
    expect(await fateOf(elsewhere.verifier, token)).toBe('TOKEN_REVOKED'),
  )
})

describe('a receipt', () => {
  test('counts the verifiers that have applied it', async () => {
    const other = await openWorld()
    const followers = [other.follow(), other.follow(), other.follow()]
    await Promise.all(followers.map(({ source }) => source.ready()))
    const { id } = await signUp(other.call)
    await vi.waitFor(
      async () =>
        expect((await other.asAdmin(`POST /admin/users/${id}/revoke?wait=2000`, {})).body).toEqual({
          committed: true,
          effectiveOn: 3,
          of: 3,
          ms: expect.any(Number),
        }),
      { timeout: 10_000 },
    )
    await other.close()
  })

  test('does not wait for anybody when it was not asked to', async () => {
    const { id } = await signUp(world.call)
    const { body } = await world.asAdmin(`POST /admin/users/${id}/revoke`, {})
    expect(body).toMatchObject({ committed: true, ms: expect.any(Number) })
  })
})

test('a key that is revoked takes every token it signed, and another signs at once', async () => {
  // Of its own: the administrator's token goes, too.
  const other = await openWorld()
  const { verifier, source } = other.follow()
  await source.ready()
  const { accessToken, refreshToken } = await signUp(other.call)
  const kid = other.authority.deps.keys.signer().kid
  expect((await other.asAdmin(`POST /admin/keys/${kid}/revoke`, {})).status).toBe(204)
  await vi.waitFor(async () => expect(await fateOf(verifier, accessToken)).not.toBe('good'))
  const next = tokensOf(await refreshWith(other.call, refreshToken))
  expect(await fateOf(verifier, next.accessToken)).toBe('good')
  expect(other.authority.deps.keys.signer().kid).not.toBe(kid)
  await other.close()
})
