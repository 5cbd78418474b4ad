import { brotliDecompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCommonPassword } from './password-common.ts'
import { packedPasswords } from './password-list.ts'
import { type PasswordContext, passwordProblems } from './password-rules.ts'

const context: PasswordContext = {
  minLength: 8,
  email: 'ada.lovelace@example.com',
  username: 'enchantress',
  name: 'Ada King Byron',
  siteName: 'Analytical',
}

function codes(password: string, changes: Partial<PasswordContext> = {}): string[] {
  return passwordProblems(password, { ...context, ...changes }).map(({ code }) => code)
}

test.each([
  'correct horse battery staple',
  'tr0ub4dor',
  'zwölf Boxkämpfer',
  'пароль из слов',
  '短い合言葉ですよね',
  '🔑🐎🔋📎🌧🎩🪁🥨',
  '        x y z    ',
  'kqmvhzrw',
  'x'.repeat(3).concat('-harbour-lamp'),
])('is fine without any composition rule: %s', (password) => {
  expect(codes(password)).toEqual([])
})

test('a problem says where it is and what to do', () => {
  expect(passwordProblems('short', context)).toEqual([
    { path: 'password', code: 'TOO_SHORT', message: 'Use at least 8 characters.' },
  ])
})

describe('length', () => {
  test.each([
    ['seven letters', 'kqmvhzr', ['TOO_SHORT']],
    ['eight letters', 'kqmvhzrw', []],
    ['seven characters of four bytes', '🔑🐎🔋📎🌧🎩🪁', ['TOO_SHORT']],
    ['seven letters of which some are composed', 'kqmvhzé'.normalize('NFD'), ['TOO_SHORT']],
    ['eight letters of which one is a ligature', 'kqmvhzﬁ', []],
    ['nothing', '', ['TOO_SHORT']],
  ])('counts code points of the normal form: %s', (_, password, expected) => {
    expect(codes(password)).toEqual(expected)
  })

  test('has a minimum to choose', () => {
    expect(codes('kqmvhzrwtpbngd', { minLength: 15 })).toEqual(['TOO_SHORT'])
    expect(codes('kqmvhzrwtpbngdf', { minLength: 15 })).toEqual([])
  })

  test('ends at 128', () => {
    const long = 'correct horse battery staple '.repeat(5)
    expect([codes(long.slice(0, 128)), codes(long.slice(0, 129))]).toEqual([[], ['TOO_LONG']])
  })

  test('ends at 128 after normalising', () => {
    // One code point that becomes 18.
    expect(codes('\uFDFA'.repeat(8))).toEqual(['TOO_LONG'])
  })
})

describe('characters that cannot be typed', () => {
  test.each([
    ['NUL', 'kqmvhzrw\0'],
    ['a high surrogate alone', 'kqmvhzrw\uD83D'],
    ['a low surrogate alone', '\uDD11kqmvhzrw'],
  ])('are refused: %s', (_, password) => {
    expect(codes(password)).toEqual(['INVALID_CHARACTERS'])
  })
})

describe('personal words', () => {
  test.each([
    ['the address', 'ada.lovelace@example.com'],
    ['the address in other case', 'ADA.Lovelace@Example.com'],
    ['the local part', 'ada.lovelace'],
    ['the local part and a little more', 'ada.lovelace1!'],
    ['a piece of the local part and a year', 'lovelace1843'],
    ['the username', 'enchantress'],
    ['the username and a digit in front', '1enchantress'],
    ['the name', 'Ada King Byron'],
    ['parts of the name', 'byronking'],
    ['the site', 'analytical!'],
    ['the site twice', 'analyticalanalytical'],
    ['the name in wide letters', 'Ａｄａ Ｋｉｎｇ Ｂｙｒｏｎ'],
  ])('are refused: %s', (_, password) => {
    expect(codes(password)).toContain('CONTAINS_PERSONAL')
  })

  test.each([
    ['five characters of one’s own', 'byron-kqmv'],
    ['a phrase', 'lovelace wrote the first program'],
  ])('are fine next to %s', (_, password) => {
    expect(codes(password)).toEqual([])
  })

  test('are taken out whole before their parts', () => {
    expect(codes('anastasia7q', { name: 'Ana Anastasia' })).toEqual(['CONTAINS_PERSONAL'])
  })

  test('of one or two letters do not count', () => {
    expect(codes('xokqmvzr', { name: 'Xo Zr' })).toEqual([])
  })

  test('are not needed', () => {
    expect(codes('kqmvhzrw', { username: null, name: null, siteName: '' })).toEqual([])
  })
})

describe('repetition', () => {
  test.each([
    'zzzzzzzz',
    'xkxkxkxk',
    'xxkxkkxk',
    'abzabzabz',
    'kqmvkqmvkqmv',
    'kqmvkqmvkq',
    '🔑'.repeat(8),
    '        ',
  ])('is refused: "%s"', (password) => {
    expect(codes(password)).toContain('REPEATED')
  })

  test('of a longer unit is fine', () => {
    expect(codes('kqmvhkqmvh')).toEqual([])
  })
})

describe('a sequence', () => {
  test.each([
    'abcdefgh',
    'HGFEDCBA',
    '23456789',
    '67890123',
    'qwertyui',
    'lkjhgfdsa',
    'zxcvbnm,',
    'qwertzui',
    'azertyuiop',
    '1qaz2wsx3edc',
    'abcd4321',
    'abcqwe789',
    'x12345678',
    '112233445566',
    'aaaabbbbcccc',
    'asdfgh99',
    'abcdekqm',
  ])('is refused: %s', (password) => {
    expect(codes(password)).toContain('SEQUENCE')
  })

  test.each(['abc-kqmv-xyz', 'abcdkqmv', '1234 lamps', 'k1q2m3v4'])(
    'with four more characters is fine: %s',
    (password) => {
      expect(codes(password)).toEqual([])
    },
  )
})

describe('the most common passwords', () => {
  test.each(['password1', 'P@ssw0rd', 'Sunshine', 'iloveyou', 'trustno1', 'Football'])(
    'are refused: %s',
    (password) => {
      expect(codes(password)).toEqual(['COMMON'])
    },
  )

  test('are listed in the form they are looked up in', () => {
    const lines = brotliDecompressSync(Buffer.from(packedPasswords, 'base64')).toString()
    const words = lines.split('\n')
    expect(words.length).toBeGreaterThan(100_000)
    const misspelled = words.filter(
      (word) => Array.from(word).length < 8 || word !== word.normalize('NFKC').toLowerCase(),
    )
    expect(misspelled).toEqual([])
  })

  test('are found one by one: no part of one, nor two together', () => {
    expect(isCommonPassword('watermelon')).toBe(true)
    expect(isCommonPassword('atermelon')).toBe(false)
    expect(isCommonPassword('password1\npassword2')).toBe(false)
    expect(isCommonPassword('')).toBe(false)
  })

  test('are fine as part of something longer', () => {
    expect(codes('sunshine over kqmv')).toEqual([])
  })
})

test('a random password is never refused', () => {
  const alphabet = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index))
  const random = fc.string({
    unit: fc.constantFrom(...alphabet),
    minLength: 16,
    maxLength: 16,
  })
  fc.assert(
    fc.property(fc.noBias(random), (password) => {
      expect(codes(password)).toEqual([])
    }),
    { seed: 1 },
  )
})
