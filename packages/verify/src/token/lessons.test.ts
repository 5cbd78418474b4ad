import { createHmac, createPublicKey, type KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { signJws } from '../testing/sign-jws.ts'
import { generateKeys } from '../testing/test-issuer.ts'
import { createForge, type TokenForge } from '../testing/token-forge.ts'
import { createVerifier } from './create-verifier.ts'
import { TokenError } from './token-error.ts'

// How the token checks of others broke, as attacks on ours. Each must be refused.

const forges = (['ES256', 'EdDSA', 'RS256', 'PS256'] as const).map((name) => createForge(name))
const forge = createForge()

/** A verifier that takes as much as options allow. */
function lenient({ options }: TokenForge) {
  return createVerifier({ ...options, profile: 'jwt', typ: null, requiredClaims: [] })
}

function refusalOf(token: string, { verifyNow } = lenient(forge)): TokenError {
  try {
    void verifyNow(token)
  } catch (error) {
    if (error instanceof TokenError) return error
    throw error
  }
  throw new Error('accepted')
}

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')
const sameFor = (codes: readonly string[]) => [...new Set(codes)]

describe('the algorithm is never taken from the token', () => {
  test.each(['none', 'None', 'NONE', 'nOnE', '', 'null', 'HS256'])(
    'alg %j without a signature is refused (lesson 1)',
    (alg) => {
      const data = `${encode(forge.header({ alg }))}.${encode(forge.claims())}`
      const codes = [data, `${data}.`, `${data}.AA`].map((token) => refusalOf(token).code)
      expect(sameFor(codes)).toEqual(['TOKEN_INVALID'])
    },
  )

  test.each(forges)(
    'the public key of $algorithm is no secret, in any encoding (lesson 1)',
    (victim) => {
      const verifier = lenient(victim)
      const algs = ['HS256', 'hs256', 'HS384', 'HS512', 'none', victim.algorithm]
      const codes = encodingsOf(victim.key).flatMap((secret) =>
        algs.map((alg) => {
          const data = `${encode(victim.header({ alg }))}.${encode(victim.claims())}`
          const tag = createHmac('sha256', secret).update(data).digest('base64url')
          return refusalOf(`${data}.${tag}`, verifier).code
        }),
      )
      expect(sameFor(codes)).toEqual(['TOKEN_INVALID'])
    },
  )

  test.each([
    ['RS256', 'PS256'],
    ['PS256', 'RS256'],
  ] as const)('a key of %s verifies no %s, though it could (lesson 1)', (own, other) => {
    const victim = createForge(own)
    const token = signJws({
      header: victim.header({ alg: other }),
      payload: victim.claims(),
      algorithm: other,
      key: victim.key,
    })
    expect(refusalOf(token, lenient(victim)).detail).toBe('no such key')
  })
})

/** What an attacker may take for the secret: all that is public of a key. */
function encodingsOf(privateKey: KeyObject): readonly (string | Buffer)[] {
  const key = createPublicKey(privateKey)
  const pem = String(key.export({ type: 'spki', format: 'pem' }))
  const der = key.export({ type: 'spki', format: 'der' })
  const jwk = key.export({ format: 'jwk' })
  const members = [jwk.n, jwk.x, jwk.y].filter((member) => member !== undefined)
  return [
    pem,
    pem.trim(),
    pem.replaceAll('\n', '\r\n'),
    der,
    der.toString('base64'),
    der.toString('hex'),
    JSON.stringify(jwk),
    JSON.stringify({ keys: [jwk] }),
    ...members.flatMap((member) => [member, Buffer.from(member, 'base64url')]),
  ]
}

describe('an empty or missing key verifies nothing', () => {
  test.each(['', Buffer.alloc(0), Buffer.alloc(32)])(
    'a token signed with the empty secret %j is refused (lesson 3)',
    (secret) => {
      const hs256 = createForge('HS256')
      const data = `${encode(hs256.header())}.${encode(hs256.claims())}`
      const tag = createHmac('sha256', secret).update(data).digest('base64url')
      expect(refusalOf(`${data}.${tag}`, lenient(hs256)).detail).toBe('bad signature')
    },
  )

  test.each(forges)('an empty signature of $algorithm is refused (lesson 3)', (victim) => {
    const unsigned = victim.token().replace(/[^.]+$/, '')
    expect(refusalOf(unsigned, lenient(victim)).code).toBe('TOKEN_INVALID')
  })
})

describe('a token brings no key of its own', () => {
  test('keys and addresses of keys in the header are neither used nor fetched (lesson 4)', async () => {
    let hits = 0
    const canary = createServer((_request, response) => {
      hits += 1
      response.end('{}')
    })
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/jwks.json`
    const { publicKey, privateKey } = generateKeys('ES256')
    const jwk = publicKey.export({ format: 'jwk' })
    const der = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    const headers = [
      { jwk },
      { jku: url },
      { x5u: url },
      { x5c: [der] },
      { kid: url },
      { iss: url },
    ]

    const codes = headers.map((hostile) => {
      const header = forge.header(hostile)
      const payload = forge.claims()
      return refusalOf(signJws({ header, payload, algorithm: 'ES256', key: privateKey })).code
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    canary.close()
    expect([sameFor(codes), hits]).toEqual([['TOKEN_INVALID'], 0])
  })

  test.each([
    '../../dev/null',
    "' OR 1=1 --",
    '__proto__',
    'constructor',
    'key-1\u0000',
    'KEY-1',
    'http://127.0.0.1/',
  ])('kid %j is a name that no key has (lesson 4)', (kid) => {
    expect(refusalOf(forge.token({ header: forge.header({ kid }) })).detail).toBe('no such key')
  })

  test('a key of one issuer is no key of another (lesson 4)', () => {
    const payload = forge.claims({ iss: 'https://other.test' })
    expect(refusalOf(forge.token({ payload })).detail).toBe('of another issuer')
  })
})

test.each([
  ['zero', '00'.repeat(32), '00'.repeat(32)],
  ['zero and one', '00'.repeat(32), `${'00'.repeat(31)}01`],
  ['one and zero', `${'00'.repeat(31)}01`, '00'.repeat(32)],
  [
    'the order of the group',
    'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
    'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  ],
])('a signature of %s is refused (lesson 5)', (_what, r, s) => {
  const signature = Buffer.from(r + s, 'hex').toString('base64url')
  const token = forge.token().replace(/[^.]+$/, signature)
  expect(refusalOf(token).detail).toBe('bad signature')
})

describe('no claim check is skipped for an odd type', () => {
  test.each([
    { iss: ['https://issuer.test'] },
    { iss: { toString: 'https://issuer.test' } },
    { aud: [] },
    { aud: [['https://api.test']] },
    { aud: { '0': 'https://api.test', length: 1 } },
    { sub: 7 },
    { sub: {} },
    { exp: '9999999999' },
    { exp: null },
    { exp: false },
    { exp: [9_999_999_999] },
    { iat: '0' },
    { iat: null },
    { nbf: false },
    { nbf: '' },
    { nbf: '1' },
    { exp: 1_800_000_600_000 },
    { exp: 1_800_000_600.5 },
  ])('%j (lesson 6)', (claims) => {
    expect(refusalOf(forge.token({ payload: forge.claims(claims) })).code).toBe('TOKEN_INVALID')
  })

  test.each(['1e400', '-1', '1e-3', 'NaN', 'Infinity', '1800000600.5'])(
    'exp written as %s (lesson 6)',
    (exp) => {
      const payload = JSON.stringify(forge.claims()).replace(/"exp":\d+/, `"exp":${exp}`)
      expect(refusalOf(forge.token({ payload })).code).toBe('TOKEN_INVALID')
    },
  )

  test.each(['[]', '[{"sub":"a"}]', 'null', '"text"', '1', ''])(
    'payload %j (lesson 6)',
    (payload) => {
      expect(refusalOf(forge.token({ payload })).code).toBe('TOKEN_INVALID')
    },
  )
})

test('a token has one spelling only (lesson 7)', () => {
  const token = forge.token()
  const spellings = ['=', '==', ' ', '\n', '\t', '.', 'A'].map((more) => token + more)
  expect(sameFor(spellings.map((spelling) => refusalOf(spelling).code))).toEqual(['TOKEN_INVALID'])
})

describe('size and cost', () => {
  test.each([
    ['a token of a megabyte', () => forge.token({ payload: 'x'.repeat(1_000_000) })],
    ['a million dots', () => '.'.repeat(1_000_000)],
    ['a header of 6 KB', () => forge.token({ header: forge.header({ x: 'x'.repeat(6000) }) })],
    [
      'a payload of brackets',
      () => forge.token({ payload: `{"a":${'['.repeat(2900)}${']'.repeat(2900)}}` }),
    ],
    ['unclosed brackets', () => forge.token({ payload: '['.repeat(5900) })],
    ['an encrypted token', () => 'eyJhbGciOiJkaXIifQ..aaaa.aaaa.aaaa'],
  ])('%s is refused (lesson 8)', (_what, make) => {
    expect(refusalOf(make()).code).toBe('TOKEN_INVALID')
  })
})

describe('errors', () => {
  const bad = {
    nothing: '',
    form: 'a.b',
    header: forge.token({ header: '{}' }),
    key: forge.token({ header: forge.header({ kid: 'x' }) }),
    signature: forge.token().slice(0, -4) + 'AAAA',
    issuer: forge.token({ payload: forge.claims({ iss: 'x' }) }),
    audience: forge.token({ payload: forge.claims({ aud: 'x' }) }),
    future: forge.token({ payload: forge.claims({ nbf: forge.clock.time + 100 }) }),
  }

  test('all refusals look the same from outside (lesson 9)', () => {
    const shown = Object.values(bad).map((token) => {
      const { code, message, status } = refusalOf(token)
      return JSON.stringify({ code, message, status })
    })
    expect(sameFor(shown)).toEqual([
      '{"code":"TOKEN_INVALID","message":"The access token is not valid.","status":401}',
    ])
  })

  test('each says in the log which check it was (lesson 9)', () => {
    const details = Object.values(bad).map((token) => refusalOf(token).detail)
    expect(new Set(details).size).toBe(Object.keys(bad).length - 1)
  })

  test('none holds a part of the token (lesson 9)', () => {
    const token = forge.token({ payload: forge.claims({ iss: 'hunter2' }) })
    const { message, detail, stack } = refusalOf(token)
    const [, payload, signature = ''] = token.split('.')
    const text = message + detail + stack
    expect([payload, signature, 'hunter2'].filter((part) => text.includes(part ?? ''))).toEqual([])
  })

  test('a badly signed token is not called expired (lesson 9)', () => {
    const expired = forge.claims({ iat: 1000, exp: 1100 })
    const token = forge.token({ payload: expired })
    const forged = token.slice(0, -4) + 'AAAA'
    expect([refusalOf(token).code, refusalOf(forged).code]).toEqual([
      'TOKEN_EXPIRED',
      'TOKEN_INVALID',
    ])
  })
})

describe('a token of another kind or for another service is no access token here', () => {
  const verifier = createVerifier(forge.options)

  test.each(['JWT', 'logout+jwt', 'secevent+jwt', 'dpop+jwt', 'refresh+jwt', undefined])(
    'typ %s (G6)',
    (typ) => {
      const token = forge.token({ header: forge.header({ typ }) })
      expect(refusalOf(token, verifier).detail).toBe('of another type')
    },
  )

  test.each([{ aud: 'https://other.test' }, { iss: 'https://other.test' }])('%j (G6)', (claims) => {
    expect(refusalOf(forge.token({ payload: forge.claims(claims) }), verifier).code).toBe(
      'TOKEN_INVALID',
    )
  })
})
