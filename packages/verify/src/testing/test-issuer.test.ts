import { expect, test } from 'vitest'
import { createVerifier } from '../token/create-verifier.ts'
import { createTestIssuer } from './test-issuer.ts'

test.each(['ES256', 'EdDSA', 'RS256', 'PS256'] as const)(
  'a verifier accepts the tokens of a test issuer that signs with %s',
  async (algorithm) => {
    const issuer = createTestIssuer({ algorithm })
    const { verify } = createVerifier(issuer.verifierOptions)
    expect(await verify(issuer.token({ roles: ['admin'] }))).toMatchObject({ roles: ['admin'] })
  },
)

test('two test issuers do not accept the tokens of each other', async () => {
  const { verify } = createVerifier(createTestIssuer().verifierOptions)
  await expect(verify(createTestIssuer().token())).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
})

test('a claim that is undefined is left out', async () => {
  const issuer = createTestIssuer()
  const { verify } = createVerifier(issuer.verifierOptions)
  expect(await verify(issuer.token({ sid: undefined }))).not.toHaveProperty('sid')
})

test('every token has its own jti', async () => {
  const issuer = createTestIssuer()
  const { verify } = createVerifier(issuer.verifierOptions)
  const [a, b] = await Promise.all([verify(issuer.token()), verify(issuer.token())])
  expect(a.jti).not.toBe(b.jti)
})

test('an expired token can be made', async () => {
  const issuer = createTestIssuer()
  const { verify } = createVerifier(issuer.verifierOptions)
  await expect(verify(issuer.token({ iat: 1000, exp: 1300 }))).rejects.toMatchObject({
    code: 'TOKEN_EXPIRED',
  })
})

test('issuer, audience and time are those that are asked for', async () => {
  const clock = { now: () => 1_800_000_000 }
  const issuer = createTestIssuer({ issuer: 'https://a.test', audience: 'b', clock })
  const { verify } = createVerifier(issuer.verifierOptions)
  expect(await verify(issuer.token())).toMatchObject({
    iss: 'https://a.test',
    aud: 'b',
    iat: 1_800_000_000,
  })
})
