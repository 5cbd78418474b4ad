import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { formatFirebaseHash } from './firebase-scrypt.ts'
import { readImportedHash } from './imported-hash.ts'
import type { ImportedHash } from './read-hash.ts'

interface Vector {
  readonly kind: string
  readonly source: string
  readonly password: string
  readonly hash: string
}

const file = new URL('../../../vectors/imported-hashes/hashes.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vector[]

function taken(text: string): ImportedHash {
  const read = readImportedHash(text)
  if ('problem' in read) throw new Error(read.problem)
  return read.hash
}

function refusal(text: string): string {
  const read = readImportedHash(text)
  return 'problem' in read ? read.problem : 'taken'
}

const named = vectors.map((vector) => [vector.kind, vector.source, vector] as const)

describe('hashes that others made', () => {
  test.each(named)('%s of %s matches its password', async (_kind, _source, vector) => {
    expect(await taken(vector.hash).matches(vector.password)).toBe(true)
  })

  test.each(named)('%s of %s matches no other', async (_kind, _source, vector) => {
    // Before the end: of bcrypt the end does not count.
    expect(await taken(vector.hash).matches(`x${vector.password}`)).toBe(false)
  })

  test('are of every kind', () => {
    expect(new Set(vectors.map(({ kind }) => kind))).toEqual(
      new Set([
        'bcrypt',
        'scrypt',
        'pbkdf2-sha1',
        'pbkdf2-sha256',
        'pbkdf2-sha512',
        'argon2i',
        'argon2d',
        'argon2id',
        'firebase-scrypt',
      ]),
    )
  })

  test('match the password as it was typed, not a normal form of it', async () => {
    const { hash, password } = vectors.find(({ password }) => password.includes('\u0300')) ?? {}
    expect(password).toBeTypeOf('string')
    expect(await taken(hash ?? '').matches((password ?? '').normalize('NFC'))).toBe(false)
  })
})

describe('a hash in which a character is missing or another', () => {
  // Each of another reader, and quick.
  const quick = [
    '$2a$05$',
    '$scrypt$ln=4,',
    '$pbkdf2$1$',
    'pbkdf2_sha1$',
    '$argon2i$m=256,',
    '$argon2id$v=19$m=256,',
  ]
  const chosen = quick.map((start) => vectors.find(({ hash }) => hash.startsWith(start)))

  test.each(chosen.map((vector) => [vector?.hash ?? '']))(
    '%s: is refused or never throws',
    async (hash) => {
      expect(hash).not.toBe('')
      for (let at = 0; at < hash.length; at += 1) {
        for (const other of ['', '$', '=', '_']) {
          const read = readImportedHash(hash.slice(0, at) + other + hash.slice(at + 1))
          if ('hash' in read) await expect(read.hash.matches('x')).resolves.toBe(false)
        }
      }
    },
  )
})

describe('bcrypt', () => {
  const hash = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'

  test('does not take a repetition with NUL between for the password', async () => {
    expect(await taken(hash).matches('U*U')).toBe(true)
    expect(await taken(hash).matches('U*U\0U*U')).toBe(false)
    expect(await taken(hash).matches('U*U\0')).toBe(false)
  })

  test('looks at 72 bytes, in the middle of a character if need be', async () => {
    const { hash: long, password } = vectors[4] ?? { hash: '', password: '' }
    expect(Buffer.byteLength(password)).toBe(72)
    expect(taken(long).maxPasswordBytes).toBe(72)
    expect(await taken(long).matches(`${password}chars after 72 are ignored`)).toBe(true)
    expect(await taken(long).matches(`${password.slice(0, 71)}é`)).toBe(false)
  })
})

const salt = 'c29tZXNhbHQ'
const output = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
const key = Buffer.alloc(64).toString('base64')
const firebase = (memCost: number, rounds: number) =>
  formatFirebaseHash(
    { signerKey: key, saltSeparator: 'Bw==', rounds, memCost },
    { passwordHash: key, salt: '42xEC+ixf3L2lw==' },
  )

describe('what costs too much is not taken', () => {
  test.each([
    ['bcrypt', '$2b$15$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['bcrypt', '$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['scrypt of 256 MiB', `$scrypt$ln=18,r=8,p=1$${salt}$${output}`],
    ['scrypt of many lanes', `$scrypt$ln=17,r=8,p=3$${salt}$${output}`],
    ['scrypt of very many lanes', `$scrypt$ln=1,r=1,p=1024$${salt}$${output}`],
    ['scrypt of large blocks', `$scrypt$ln=1,r=9999,p=1$${salt}$${output}`],
    ['scrypt of a memory beyond numbers', `$scrypt$ln=99,r=8,p=1$${salt}$${output}`],
    ['PBKDF2', `$pbkdf2-sha256$2500001$${salt}$${output}`],
    ['PBKDF2 of more blocks than one', `$pbkdf2$1250001$${salt}$${output}`],
    ['PBKDF2 of Django', `pbkdf2_sha256$99999999$salt$${output}=`],
    ['argon2 of more than 128 MiB', `$argon2id$v=19$m=131073,t=1,p=1$${salt}$${output}`],
    ['argon2 of many passes', `$argon2i$v=19$m=131072,t=17,p=1$${salt}$${output}`],
    ['argon2 of many lanes', `$argon2d$v=19$m=65536,t=1,p=17$${salt}$${output}`],
    ['Firebase scrypt', firebase(18, 8)],
  ])('%s', (_what, text) => {
    expect(refusal(text)).toMatch(/cost|rounds/)
  })

  test.each([
    ['bcrypt', '$2b$14$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['scrypt', `$scrypt$ln=17,r=8,p=2$${salt}$${output}`],
    ['PBKDF2', `$pbkdf2-sha256$2500000$${salt}$${output}`],
    ['argon2', `$argon2id$v=19$m=131072,t=16,p=4$${salt}$${output}`],
    ['Firebase scrypt', firebase(14, 8)],
  ])('%s at the limit is', (_what, text) => {
    expect(refusal(text)).toBe('taken')
  })
})

describe('what is no whole hash is not taken, with a reason that does not repeat it', () => {
  test.each([
    [''],
    ['hunter2hunter2'],
    ['5f4dcc3b5aa765d61d8327deb882cf99'],
    ['{SSHA}abc'],
    ['$2b$10$short'],
    ['$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['$2b$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeX'],
    ['$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n'],
    [`$scrypt$ln=0,r=8,p=1$${salt}$${output}`],
    [`$scrypt$ln=14,r=0,p=1$${salt}$${output}`],
    [`$scrypt$ln=14,r=8,p=1$${salt}$AAAA`],
    [`$scrypt$ln=14,r=8,p=1$${salt}$${output.slice(0, -1)}/`],
    [`$pbkdf2-md5$1000$${salt}$${output}`],
    [`$pbkdf2-sha256$0$${salt}$${output}`],
    [`$pbkdf2-sha256$1000$${salt}$`],
    [`$argon2id$v=18$m=4096,t=2,p=1$${salt}$${output}`],
    [`$argon2id$v=19$m=7,t=2,p=1$${salt}$${output}`],
    [`$argon2id$v=19$m=4096,t=0,p=1$${salt}$${output}`],
    [`$argon2id$v=19$m=4096,t=2,p=0$${salt}$${output}`],
    [`$argon2id$v=19$m=4096,t=2,p=1$c29t$${output}`],
    [`$argon2id$v=19$m=4096,t=2,p=1,data=AAAA$${salt}$${output}`],
    [firebase(0, 8)],
    [firebase(14, 0)],
    [firebase(14, 8).slice(0, -20)],
  ])('%s', (text) => {
    const reason = refusal(text)
    expect(reason).toMatch(/^(?:It|Its|Salt|Parts|A secret) .+\.$/)
    if (text !== '') expect(reason).not.toContain(text)
  })

  test('a hash with a pepper of another installation says so', () => {
    expect(refusal(`$argon2id$v=19$m=19456,t=2,p=1,keyid=AAAAAAAA$${salt}$${output}`)).toBe(
      'A secret went into its argon2, and that is not in the file.',
    )
  })
})
