import { describe, expect, test } from 'vitest'
import type { Algorithm, KeySource, VerificationKey } from '../keys/key-source.ts'
import { KeysUnavailableError } from '../keys/key-source.ts'
import { staticKeySet } from '../keys/static-key-set.ts'
import { createForge } from '../testing/token-forge.ts'
import { createVerifier } from './create-verifier.ts'
import { TokenError } from './token-error.ts'

const algorithms: readonly Algorithm[] = ['ES256', 'EdDSA', 'RS256', 'PS256', 'HS256']

describe.each(algorithms)('%s', (algorithm) => {
  const forge = createForge(algorithm)
  const { verifyNow } = createVerifier(forge.options)

  test('a genuine token is accepted, at once and from memory', () => {
    const token = forge.token()
    expect([verifyNow(token), verifyNow(token)]).toEqual([forge.claims(), forge.claims()])
  })

  test('a token of another key is refused', () => {
    const stranger =
      algorithm === 'HS256'
        ? forge.token().replace(/.$/, (end) => (end === 'A' ? 'E' : 'A'))
        : createForge(algorithm).token()
    expect(() => verifyNow(stranger)).toThrow(expect.objectContaining({ detail: 'bad signature' }))
  })

  test('no part of a token can be taken from another', () => {
    const [header, , signature] = forge.token().split('.')
    const [, payload] = forge.token({ payload: forge.claims({ sub: 'admin' }) }).split('.')
    expect(() => verifyNow(`${header}.${payload}.${signature}`)).toThrow(
      expect.objectContaining({ detail: 'bad signature' }),
    )
  })
})

const forge = createForge()
const verifier = createVerifier(forge.options)
const genuine = forge.token()

describe('the claims', () => {
  test('are the same object each time, for nobody can change it', () => {
    expect(verifier.verifyNow(genuine)).toBe(verifier.verifyNow(genuine))
  })

  test('are frozen', async () => {
    expect(Object.isFrozen(await verifier.verify(genuine))).toBe(true)
  })

  test('inherit nothing', async () => {
    expect((await verifier.verify(genuine)).constructor).toBeUndefined()
  })
})

test('verify gives a promise, also of the refusal', async () => {
  await expect(verifier.verify('x')).rejects.toThrow(TokenError)
})

test.each([undefined, null, 7, {}, [genuine], Buffer.from(genuine), Object(genuine)])(
  'what is no text is refused: %o',
  (token) => {
    expect(() => verifier.verifyNow(token as string)).toThrow(
      expect.objectContaining({ detail: 'not text' }),
    )
  },
)

describe('what is remembered is the signature, never the decision (lesson 7)', () => {
  test('a remembered token expires', () => {
    const forge = createForge()
    const { verifyNow } = createVerifier(forge.options)
    const token = forge.token()
    void verifyNow(token)
    forge.clock.time += 605
    expect(() => verifyNow(token)).toThrow(expect.objectContaining({ code: 'TOKEN_EXPIRED' }))
  })

  test('a remembered token is refused when the clock turns out to have been wrong', () => {
    const forge = createForge()
    const { verifyNow } = createVerifier(forge.options)
    const token = forge.token()
    void verifyNow(token)
    forge.clock.time -= 60
    expect(() => verifyNow(token)).toThrow(
      expect.objectContaining({ detail: 'issued in the future' }),
    )
  })

  test('a token refused for its claims is judged anew each time', () => {
    const forge = createForge()
    const { verifyNow } = createVerifier(forge.options)
    const token = forge.token({ payload: forge.claims({ nbf: forge.clock.time + 60 }) })
    expect(() => verifyNow(token)).toThrow('not valid')
    forge.clock.time += 60
    expect(verifyNow(token)).toMatchObject({ sub: 'user-1' })
  })

  test.each([
    (token: string) => `${token} `,
    (token: string) => `${token}=`,
    (token: string) => token.slice(0, -1),
    (token: string) => token.replace('.', '..'),
    (token: string) => token.toLowerCase(),
    (token: string) => token.split('.').with(1, 'e30').join('.'),
  ])('a token like a remembered one is another token: %s', (change) => {
    void verifier.verifyNow(genuine)
    expect(() => verifier.verifyNow(change(genuine))).toThrow(TokenError)
  })

  test('with the memory off, every call says the same', () => {
    const { verifyNow } = createVerifier({ ...forge.options, cacheSize: 0 })
    expect([verifyNow(genuine), verifyNow(genuine)]).toEqual([forge.claims(), forge.claims()])
  })

  test('forged tokens do not push genuine ones out', () => {
    const source = countingSource()
    const { verifyNow } = createVerifier({ ...source.options, cacheSize: 2 })
    void verifyNow(genuine)
    const before = source.searches()
    for (let i = 0; i < 10; i += 1) {
      const [header, payload] = forge.token({ payload: forge.claims({ jti: `${i}` }) }).split('.')
      expect(() => verifyNow(`${header}.${payload}.${'A'.repeat(86)}`)).toThrow(TokenError)
    }
    void verifyNow(genuine)
    expect(source.searches()).toBe(before + 10)
  })
})

/** The keys of the forge, with the searches counted and the version in our hand. */
function countingSource() {
  const { jwks, ...options } = forge.options
  const inner = staticKeySet(jwks ?? { keys: [] })
  const state = { searches: 0, version: 1, hasKey: true }
  const keys: KeySource = {
    find(kid, algorithm) {
      state.searches += 1
      return state.hasKey ? inner.find(kid, algorithm) : null
    },
    get version() {
      return state.version
    },
  }
  return { options: { ...options, keys }, searches: () => state.searches, state }
}

describe('keys', () => {
  test('a removed key takes its remembered signatures with it', () => {
    const { options, state } = countingSource()
    const { verifyNow } = createVerifier(options)
    void verifyNow(genuine)
    state.hasKey = false
    state.version = 2
    expect(() => verifyNow(genuine)).toThrow(expect.objectContaining({ detail: 'no such key' }))
  })

  test('a remembered token needs no key', () => {
    const { options, searches } = countingSource()
    const { verifyNow } = createVerifier(options)
    void verifyNow(genuine)
    void verifyNow(genuine)
    expect(searches()).toBe(1)
  })

  test('a signature verified with a key that is gone by then is not remembered', async () => {
    const { jwks, ...options } = forge.options
    const inner = staticKeySet(jwks ?? { keys: [] })
    let version = 1
    let searches = 0
    const keys: KeySource = {
      async find(kid, algorithm) {
        searches += 1
        const key = await inner.find(kid, algorithm)
        version += 1
        return key
      },
      get version() {
        return version
      },
    }
    const { verify } = createVerifier({ ...options, keys })
    await verify(genuine)
    await verify(genuine)
    expect(searches).toBe(2)
  })

  test('a key that must be fetched makes a promise, and the same checks', async () => {
    const { jwks, ...options } = forge.options
    const inner = staticKeySet(jwks ?? { keys: [] })
    const keys: KeySource = { version: 1, find: async (...asked) => inner.find(...asked) }
    const { verifyNow } = createVerifier({ ...options, keys })
    const answers = await Promise.allSettled([
      verifyNow(genuine),
      verifyNow(`${genuine.slice(0, -4)}AAAA`),
    ])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })

  test('a promise of another making is waited for, never taken for a key or for claims', () => {
    const { jwks: _, ...options } = forge.options
    // oxlint-disable-next-line unicorn/no-thenable -- the point of the test
    const find = () => ({ then() {} }) as unknown as Promise<null>
    expect(
      createVerifier({ ...options, keys: { version: 1, find } }).verifyNow(genuine),
    ).toBeInstanceOf(Promise)
  })

  test('keys that cannot be had are no fault of the token', () => {
    const { jwks: _, ...options } = forge.options
    const find = () => {
      throw new KeysUnavailableError(1)
    }
    const { verifyNow } = createVerifier({ ...options, keys: { version: 1, find } })
    expect(() => verifyNow(genuine)).toThrow(KeysUnavailableError)
  })

  const answers: unknown[] = ['', null, undefined, 0, false, {}, [], 'secret', Buffer.alloc(32)]
  test.each(answers)('a key source that answers %j verifies nothing (lesson 3)', (answer) => {
    const { jwks: _, ...options } = forge.options
    const keys: KeySource = { version: 1, find: () => answer as VerificationKey }
    const { verifyNow } = createVerifier({ ...options, keys })
    expect(() => verifyNow(genuine)).toThrow(expect.objectContaining({ code: 'TOKEN_INVALID' }))
  })
})

describe('tokens of other issuers', () => {
  const options = { ...forge.options, profile: 'jwt' as const }

  test('more header members are passed over', () => {
    const token = forge.token({ header: forge.header({ x5t: 'x', nonce: 'n' }) })
    expect(createVerifier(options).verifyNow(token)).toEqual(forge.claims())
  })

  test('jti is demanded', () => {
    const token = forge.token({ payload: forge.claims({ jti: undefined }) })
    expect(() => createVerifier(options).verifyNow(token)).toThrow(TokenError)
  })

  test('jti can be let go', () => {
    const token = forge.token({ payload: forge.claims({ jti: undefined }) })
    const { verifyNow } = createVerifier({ ...options, requiredClaims: [] })
    expect(verifyNow(token)).toMatchObject({ sub: 'user-1' })
  })

  test('a token of another typ is refused', () => {
    const token = forge.token({ header: forge.header({ typ: 'JWT' }) })
    expect(() => createVerifier(options).verifyNow(token)).toThrow(TokenError)
  })

  test('another typ can be demanded', () => {
    const token = forge.token({ header: forge.header({ typ: 'JWT' }) })
    expect(createVerifier({ ...options, typ: 'JWT' }).verifyNow(token)).toEqual(forge.claims())
  })

  test('typ can be let go', () => {
    const token = forge.token({ header: forge.header({ typ: undefined }) })
    expect(createVerifier({ ...options, typ: null }).verifyNow(token)).toEqual(forge.claims())
  })

  test('a token without kid is verified by the one key there is', () => {
    const token = forge.token({ header: forge.header({ kid: undefined }) })
    expect(createVerifier(options).verifyNow(token)).toEqual(forge.claims())
  })
})
