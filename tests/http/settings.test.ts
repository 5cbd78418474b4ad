import { afterEach, describe, expect, test } from 'vitest'
import { type Authority, type AuthorityOptions, openAuthority } from './authority.ts'
import { refreshWith, signInAs, signUp, signUpAdmin, statusOf, tokensOf } from './people.ts'

let authority: Authority | undefined
afterEach(() => authority?.close())

async function open(options: AuthorityOptions = {}): Promise<Authority> {
  authority = await openAuthority(options)
  return authority
}

describe('health', () => {
  test('a server that works is alive and ready', async () => {
    const call = (await open()).from()
    expect((await call('GET ~/healthz')).body).toEqual({ status: 'ok' })
    expect((await call('GET ~/readyz')).body).toEqual({ status: 'ready' })
    expect(await call('HEAD ~/healthz')).toMatchObject({ status: 200, text: '' })
  })

  test('a server whose store is closed is alive, not ready, and says when to ask again', async () => {
    const { from, deps } = await open()
    await deps.stores.close()
    const call = from()
    expect((await call('GET ~/healthz')).status).toBe(200)
    expect(await call('GET ~/readyz')).toMatchObject({
      status: 503,
      body: { code: 'UNAVAILABLE' },
    })
  })

  test('a server whose store is closed refuses, and takes no cookie away (lesson 24)', async () => {
    const { from, deps } = await open()
    const call = from()
    const person = await signUp(call)
    await deps.stores.close()
    const answers = [
      await call('GET /profile', { token: person.accessToken }),
      await refreshWith(call, person.refreshToken),
      await call('POST /logout', { body: { refreshToken: person.refreshToken } }),
      await call('POST /login', { body: { email: person.email, password: person.password } }),
    ]
    for (const answer of answers) expect(answer).toMatchObject({ status: 503, cookies: [] })
  })
})

describe('what an operator chose', () => {
  test('without documentation there is neither document nor page', async () => {
    const call = (await open({ docs: 'off' })).from()
    const statuses = [await call('GET /openapi.json'), await call('GET /docs')]
    expect(statuses.map(({ status }) => status)).toEqual([404, 404])
  })

  test('in production there is no documentation unless somebody asks for it', async () => {
    const call = (await open({ production: true })).from()
    expect((await call('GET /openapi.json')).status).toBe(404)
  })

  test('a theft can end every session of the user', async () => {
    const { from, clock } = await open({ onRefreshReuse: 'user' })
    const call = from()
    const person = await signUp(call)
    const other = await signInAs(call, person)
    tokensOf(await refreshWith(call, person.refreshToken))
    clock.advance(61)
    expect((await refreshWith(call, person.refreshToken)).status).toBe(401)
    expect(await statusOf(call, other.accessToken)).toMatchObject({ code: 'TOKEN_REVOKED' })
    expect((await refreshWith(call, other.refreshToken)).status).toBe(401)
  })

  test('one sign-in too many ends the session that was not used for longest (G5)', async () => {
    const { from, clock } = await open({ maxSessionsPerUser: 2 })
    const call = from()
    const first = await signUp(call)
    clock.advance(1)
    const second = await signInAs(call, first)
    clock.advance(1)
    const third = await signInAs(call, first)
    expect(await statusOf(call, first.accessToken)).toMatchObject({ code: 'TOKEN_REVOKED' })
    expect(await statusOf(call, second.accessToken)).toMatchObject({ status: 200 })
    expect(await statusOf(call, third.accessToken)).toMatchObject({ status: 200 })
  })

  test('access tokens live as long as was chosen, and no longer (G11)', async () => {
    const { from, clock } = await open({ accessTokenSeconds: 60 })
    const call = from()
    const { accessToken, expiresIn } = await signUp(call)
    expect(expiresIn).toBe(60)
    clock.advance(60 + 31)
    expect(await statusOf(call, accessToken)).toMatchObject({ code: 'TOKEN_EXPIRED' })
  })

  test.each(['EdDSA', 'RS256', 'PS256'] as const)(
    'tokens are signed with %s',
    async (algorithm) => {
      const { from } = await open({ signingAlgorithm: algorithm })
      const call = from()
      const { accessToken } = await signUp(call)
      expect(await statusOf(call, accessToken)).toMatchObject({ status: 200 })
      const { body } = await call('GET ~/.well-known/jwks.json')
      const [key] = (body as { keys: Record<string, unknown>[] }).keys
      expect(key).toMatchObject({ alg: algorithm, use: 'sig' })
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) {
        expect(key).not.toHaveProperty(secret)
      }
    },
  )

  test('a shared secret is never published, and is rotated elsewhere (lesson 1)', async () => {
    const accessTokenSecret = 'Zk3vQ8rT1yWm5NbX7cLp0HdJs9GfA2Ue'
    const { from, deps } = await open({ signingAlgorithm: 'HS256', accessTokenSecret })
    const call = from()
    expect((await call('GET ~/.well-known/jwks.json')).body).toEqual({ keys: [] })
    const { accessToken: token } = await signUpAdmin({ deps }, call)
    const answer = await call('POST /admin/keys/rotate', { token, body: {} })
    expect(answer).toMatchObject({ status: 409, body: { code: 'ROTATION_UNSUPPORTED' } })
  })
})
