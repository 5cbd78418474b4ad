import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountKey, parseEmail, parseIdentifier, parseUsername } from './identifiers.ts'

describe('an e-mail address', () => {
  test('is kept as written, without the space around it', () => {
    expect(parseEmail('  Ada.L@Example.COM \n')?.email).toBe('Ada.L@Example.COM')
  })

  test('is unique regardless of case', () => {
    expect(parseEmail('Ada.L@Example.COM')?.emailKey).toBe('ada.l@example.com')
  })

  test('is unique by the punycode of its domain', () => {
    expect(parseEmail('ada@Bücher.example')?.emailKey).toBe('ada@xn--bcher-kva.example')
    expect(parseEmail('ada@XN--BCHER-KVA.example')?.emailKey).toBe('ada@xn--bcher-kva.example')
  })

  test.each([
    'ada+tag@example.com',
    "o'neil@example.co.uk",
    'a@b-c.de',
    '1@2.com',
    'x!#$%&*/=?^_`{|}~-@example.com',
    `${'l'.repeat(64)}@example.com`,
  ])('is accepted: %s', (text) => {
    expect(parseEmail(text)?.email).toBe(text)
  })

  test.each([
    ['empty', ''],
    ['no at sign', 'ada.example.com'],
    ['no local part', '@example.com'],
    ['no domain', 'ada@'],
    ['two at signs', 'ada@evil.com@example.com'],
    ['two addresses', 'ada@example.com,eve@evil.com'],
    ['two addresses and a space', 'ada@example.com eve@evil.com'],
    ['two addresses and a semicolon', 'ada@example.com;eve@evil.com'],
    ['a display name', 'Ada <ada@example.com>'],
    ['a quoted local part', '"ada"@example.com'],
    ['a quoted at sign', '"a@evil.com"@example.com'],
    ['a comment', 'ada(comment)@example.com'],
    ['a comment in the domain', 'ada@example.com(comment)'],
    ['a source route', '@evil.com:ada@example.com'],
    ['an escaped character', 'a\\da@example.com'],
    ['a line break', 'ada@example.com\r\nBcc: eve@evil.com'],
    ['a line break in the local part', 'ada\n@example.com'],
    ['a NUL', 'ada\0@example.com'],
    ['a leading dot', '.ada@example.com'],
    ['a trailing dot', 'ada.@example.com'],
    ['two dots', 'a..da@example.com'],
    ['a domain with two dots', 'ada@example..com'],
    ['a domain that ends in a dot', 'ada@example.com.'],
    ['a domain of one label', 'ada@localhost'],
    ['a label that starts with a hyphen', 'ada@-example.com'],
    ['an underscore in the domain', 'ada@ex_ample.com'],
    ['a percent escape in the domain', 'ada@ex%61mple.com'],
    ['a port', 'ada@example.com:25'],
    ['an IPv4 address', 'ada@127.0.0.1'],
    ['a short IPv4 address', 'ada@127.1'],
    ['a hexadecimal IPv4 address', 'ada@0x7f.1'],
    ['an address literal', 'ada@[127.0.0.1]'],
    ['a percent route', 'ada%evil.com@example.com extra'],
    ['a local part of 65 octets', `${'l'.repeat(65)}@example.com`],
    ['a label of 64 octets', `ada@${'d'.repeat(64)}.com`],
    ['a path over 256 octets', `${'l'.repeat(60)}@${'d.'.repeat(96)}com`],
    ['a local part outside ASCII', 'ädа@example.com'],
    ['a fullwidth letter', 'ａda@example.com'],
    ['a fullwidth letter in the domain', 'ada@ｅxample.com'],
    ['a ligature', 'oﬃce@example.com'],
    ['a Kelvin sign', '\u212Aim@example.com'],
    ['an ideographic full stop', 'ada@example。com'],
    ['a fullwidth at sign', 'ada＠example.com'],
    ['a soft hyphen in the domain', 'ada@exam\u00ADple.com'],
    ['a zero width joiner in the domain', 'ada@exam\u200Dple.com'],
    ['a domain that grows too long in punycode', `ada@${'ü'.repeat(61)}.com`],
  ])('is refused: %s', (_, text) => {
    expect(parseEmail(text)).toBeNull()
  })

  test('has a longest path of 254 octets', () => {
    const domain = `${'d'.repeat(61)}.`.repeat(4)
    const longest = `${'l'.repeat(254 - 1 - domain.length - 3)}@${domain}com`
    expect([longest.length, parseEmail(longest) !== null]).toEqual([254, true])
    expect(parseEmail(`l${longest}`)).toBeNull()
  })

  test('has a key that is an address with the same key', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        const key = parseEmail(text)?.emailKey
        expect(key === undefined ? undefined : parseEmail(key)?.emailKey).toBe(key)
      }),
    )
  })

  test('never has more in its key than one at sign and plain ASCII', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(...Array.from('aZ9.@-_,;<>"()\\ \r\n\0äＡ。\u200D')),
    })
    fc.assert(
      fc.property(hostile, hostile, (local, domain) => {
        const key = parseEmail(`${local}@${domain}`)?.emailKey ?? 'nobody@example.com'
        expect(key).toMatch(/^[a-z0-9._-]+@[a-z0-9.-]+$/)
      }),
    )
  })
})

describe('a username', () => {
  test('is lower case', () => {
    expect(parseUsername(' Ada_L.9- ')).toBe('ada_l.9-')
  })

  test.each([
    ['two characters', 'ad'],
    ['33 characters', 'a'.repeat(33)],
    ['a space inside', 'ada l'],
    ['an at sign', 'ada@home'],
    ['a letter outside ASCII', 'adä'],
    ['a Kelvin sign, which is k in lower case', '\u212Aim'],
    ['a line break', 'ada\nl'],
  ])('is refused: %s', (_, text) => {
    expect(parseUsername(text)).toBeNull()
  })

  test.each(['abc', 'a'.repeat(32)])('may have 3 to 32 characters: %s', (text) => {
    expect(parseUsername(text)).toBe(text)
  })
})

describe('an identifier', () => {
  test('with an at sign is an e-mail address', () => {
    expect(parseIdentifier('Ada@Example.com')).toEqual({ kind: 'email', key: 'ada@example.com' })
  })

  test('without one is a username', () => {
    expect(parseIdentifier('Ada')).toEqual({ kind: 'username', key: 'ada' })
  })

  test.each(['', '@', 'a b', 'ada@', 'ada@localhost'])('is refused: "%s"', (text) => {
    expect(parseIdentifier(text)).toBeNull()
  })

  test.each(['ADA@example.com', ' ada@EXAMPLE.com', 'ada@example.COM\t'])(
    'has one account key in every spelling: "%s"',
    (text) => {
      const identifier = parseIdentifier(text)
      expect(identifier && accountKey(identifier)).toBe('email:ada@example.com')
    },
  )
})
