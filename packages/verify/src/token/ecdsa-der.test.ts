import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { seededRandom } from '../testing/seeded-random.ts'
import { generateKeys } from '../testing/test-issuer.ts'
import { toDer } from './ecdsa-der.ts'

const hex = (text: string) => Buffer.from(text, 'hex')

/** r and s as 32 bytes each. */
const pair = (r: string, s: string) => hex(r.padStart(64, '0') + s.padStart(64, '0'))

test.each([
  ['full numbers', '11'.repeat(32), '7f'.repeat(32), ['11'.repeat(32), '7f'.repeat(32)]],
  ['numbers whose first bit is set', '80'.repeat(32), 'ff', [`00${'80'.repeat(32)}`, '00ff']],
  ['numbers with zeros in front', '7f', '1234', ['7f', '1234']],
  ['numbers with zeros inside and behind', '010000', '7f0001', ['010000', '7f0001']],
  ['two zeros', '', '', ['00', '00']],
])('%s are written as short as can be, and never negative', (_what, r, s, integers) => {
  const body = integers.map((digits) => `02${lengthOf(digits)}${digits}`).join('')
  expect(Buffer.from(toDer(pair(r, s))).toString('hex')).toBe(`30${lengthOf(body)}${body}`)
})

function lengthOf(digits: string): string {
  return (digits.length / 2).toString(16).padStart(2, '0')
}

/** What Node says of a signature in either form. */
function verdicts(key: KeyObject, data: Uint8Array, signature: Uint8Array) {
  return {
    pair: verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature),
    der: verify('sha256', data, key, toDer(signature)),
  }
}

test('1000 signatures, half of them damaged, are judged as Node judges r and s', () => {
  const { publicKey, privateKey } = generateKeys('ES256')
  const random = seededRandom(1)
  const differing: string[] = []
  for (let i = 0; i < 1000; i += 1) {
    const data = Buffer.from(`${i}`)
    const signature = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })
    if (i % 2 === 1) signature[random.below(64)] = random.pick([0, 1, 0x7f, 0x80, 0xff])
    const { pair, der } = verdicts(publicKey, data, signature)
    if (pair !== der) differing.push(signature.toString('hex'))
  }
  expect(differing).toEqual([])
})

interface Group {
  readonly publicKeyPem: string
  readonly tests: readonly { readonly tcId: number; readonly msg: string; readonly sig: string }[]
}

test('every signature of 64 bytes from Wycheproof is judged as Node judges r and s', () => {
  const file = '../../vectors/wycheproof/ecdsa_secp256r1_sha256_p1363_test.json'
  const { testGroups } = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as {
    testGroups: readonly Group[]
  }
  const judged = testGroups.flatMap(({ publicKeyPem, tests }) => {
    const key = createPublicKey(publicKeyPem)
    const whole = tests.filter(({ sig }) => sig.length === 128)
    return whole.map(({ tcId, msg, sig }) => ({ tcId, ...verdicts(key, hex(msg), hex(sig)) }))
  })
  expect(judged.filter(({ pair, der }) => pair !== der)).toEqual([])
  expect(judged).toHaveLength(241)
})
