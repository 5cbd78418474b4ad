import { expect, test } from 'vitest'
import { fakeRandom } from '../testing/fake-random.ts'
import { parseApplicationSecret } from './application-secret.ts'

const bytes = fakeRandom().bytes(32)
const hex = Buffer.from(bytes).toString('hex')
const base64url = Buffer.from(bytes).toString('base64url')
const parse = (text: string) => parseApplicationSecret({ name: 'COUNTERSIGN_SECRET', text })

test.each([hex, hex.toUpperCase(), base64url, `${hex}\n`, ` ${base64url} `])(
  '%j is read as its 32 bytes',
  (text) => {
    expect(parse(text)).toEqual(bytes)
  },
)

test('longer secrets count in full', () => {
  const long = fakeRandom().bytes(100)
  expect(parse(Buffer.from(long).toString('hex'))).toEqual(long)
})

test('a thousand random secrets pass in both spellings', () => {
  const random = fakeRandom('many')
  for (let count = 0; count < 1000; count += 1) {
    const secret = Buffer.from(random.bytes(32))
    expect(parse(secret.toString('base64url'))).toHaveLength(32)
    expect(parse(secret.toString('hex'))).toHaveLength(32)
  }
})

const encoded = (text: string) => Buffer.from(text).toString('base64url')

test.each([
  ['', 'holds 0 bytes'],
  ['a secret, in words! a secret, in words!', 'neither base64url nor hex'],
  [`${base64url}=`, 'neither base64url nor hex'],
  [Buffer.from(fakeRandom('plus').bytes(33)).toString('base64').replaceAll(/./g, '+'), 'neither'],
  [hex.slice(2), 'holds 31 bytes'],
  [base64url.slice(0, 40), 'holds 30 bytes'],
  ['your_access_token_secret_here_replace_me', 'holds 30 bytes'],
  ['your_access_token_secret_here_replace_me_now_ok', 'typed by hand'],
  ['CHANGE-THIS-SECRET-BEFORE-YOU-GO-TO-PRODUCTION-1', 'typed by hand'],
  ['Your-Super-Secret-Key-Please-Change-Me-Before-Us', 'Make one with'],
  [encoded('correct horse battery staple, and some more of it'), 'made of words'],
  [encoded('changeme\u00e9changeme\u00e8changeme\u00e7changeme'), 'Make one with'],
  ['0'.repeat(64), 'Make one with'],
  ['0123456789abcdef'.repeat(4), 'Make one with'],
  [hex.slice(0, 32).repeat(2), 'Make one with'],
  [Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('hex'), 'Make one with'],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 'Make one with'],
])('%j is refused: %s', (text, reason) => {
  expect(() => parse(text)).toThrow(reason)
})

test('the message names the variable and the way to mend it, and never the secret', () => {
  const text = base64url.slice(0, 40)
  const [problem = ''] = problemsOf(() => parse(text))
  expect(problem).toMatch(/^COUNTERSIGN_SECRET .*openssl rand -hex 32$/)
  expect(problem).not.toContain(text)
})

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act()
    return []
  } catch (error) {
    return (error as { problems: readonly string[] }).problems
  }
}
