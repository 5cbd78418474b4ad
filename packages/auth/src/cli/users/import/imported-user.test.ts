import { describe, expect, test } from 'vitest'
import { fakeRandom } from '../../../testing/fake-random.ts'
import { importedUser } from './imported-user.ts'
import {
  collectMapping,
  type FieldMap,
  type FieldPlan,
  fieldsOf,
  type SourceFormat,
} from './source-fields.ts'
import type { SourceRecord } from './source-row.ts'

const bcrypt = '$2b$10$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'
const now = 1_800_000_000
const signerKey = Buffer.alloc(64).toString('base64')
const firebase = { signerKey, saltSeparator: 'Bw==', rounds: 8, memCost: 14 }
const terms = { random: fakeRandom(), now, isPasswordless: false }

function read(
  record: SourceRecord,
  format: SourceFormat = 'jsonl',
  map: FieldMap = {},
): ReturnType<typeof importedUser> {
  const plan: FieldPlan = { format, map, firebase: format === 'firebase' ? firebase : null }
  return importedUser(fieldsOf(record, plan), terms)
}

const least = { email: 'Ada@Example.com', password: bcrypt }

test('a user has a new id and nothing that was not said', () => {
  expect(read(least)).toEqual({
    user: {
      id: expect.stringMatching(/^usr_[\w-]{22}$/),
      email: 'Ada@Example.com',
      emailKey: 'ada@example.com',
      emailVerified: false,
      username: null,
      name: null,
      passwordHash: bcrypt,
      status: 'active',
      roles: [],
      tokenVersion: 0,
      rolesVersion: 0,
      sessionVersion: 0,
      createdAt: now,
      updatedAt: now,
    },
  })
})

test('everything is taken from its usual column', () => {
  const record = {
    id: 7,
    email: 'ada@example.com',
    username: 'Ada_L',
    name: 'Ada Lovelace',
    password_hash: bcrypt,
    email_verified: 'true',
    created_at: '2024-01-02T03:04:05.678+01:00',
    status: 'blocked',
    roles: ['admin'],
  }
  expect(read(record)).toMatchObject({
    user: {
      username: 'ada_l',
      name: 'Ada Lovelace',
      emailVerified: true,
      createdAt: Date.UTC(2024, 0, 2, 2, 4, 5) / 1000,
      status: 'blocked',
      roles: [],
    },
  })
})

test('columns of other names, and within others, are taken as they are mapped', () => {
  const record = { mail: 'ada@example.com', pw: bcrypt, profile: { name: 'Ada' }, 'a.b': 'user' }
  const map = ['email=mail', 'passwordHash=pw', 'name=profile.name', 'roles=a.b'].reduce<FieldMap>(
    (previous, text) => collectMapping(text, previous),
    {},
  )
  expect(read(record, 'jsonl', map)).toMatchObject({
    user: { email: 'ada@example.com', name: 'Ada', roles: ['user'] },
  })
})

test('a field is left out by mapping it to nothing', () => {
  const record = { ...least, username: 'no username' }
  expect(read(record)).toEqual({ problem: 'username: 3 to 32 of a-z 0-9 . _ -' })
  expect(read(record, 'jsonl', collectMapping('username='))).toMatchObject({
    user: { username: null },
  })
})

test.each(['email', 'nothing=x', '=x', 'id=_id', '__proto__=x'])('no mapping: %s', (text) => {
  expect(() => collectMapping(text)).toThrow('It must be field=column, with one of email, ')
})

test.each<[SourceRecord, string]>([
  [{ password: bcrypt }, 'There is no e-mail address.'],
  [{ ...least, email: '' }, 'There is no e-mail address.'],
  [{ ...least, email: 'ada' }, 'email: This is not one e-mail address.'],
  [{ ...least, email: 'a@b.org, c@d.org' }, 'email: This is not one e-mail address.'],
  [{ ...least, email: 'ａｄａ@example.com' }, 'email: This is not one e-mail address.'],
  [{ ...least, email: ['a@b.org'] }, 'email: This is not text.'],
  [{ email: 'a@b.org' }, 'There is no password hash.'],
  [{ ...least, password: 'hunter22' }, 'passwordHash: It is no password hash of a known kind.'],
  [
    { ...least, password: bcrypt.replace('10', '20') },
    'passwordHash: Its bcrypt cost is not between 4 and 14.',
  ],
  [{ ...least, name: 'a\u0000b' }, 'name: At most 100 characters, and no control characters.'],
  [{ ...least, name: 'x'.repeat(101) }, 'name: At most 100 characters, and no control characters.'],
  [{ ...least, name: { first: 'Ada' } }, 'name: This is not text.'],
  [{ ...least, emailVerified: 'maybe' }, 'emailVerified: This is neither true nor false.'],
  [{ ...least, status: 'deleted' }, 'status: This is neither active nor blocked.'],
  [{ ...least, createdAt: 'yesterday' }, 'createdAt: This is no time from 1970 until now.'],
  [{ ...least, createdAt: -1 }, 'createdAt: This is no time from 1970 until now.'],
  [{ ...least, createdAt: '9999-01-01' }, 'createdAt: This is no time from 1970 until now.'],
  [{ ...least, createdAt: true }, 'createdAt: This is no time from 1970 until now.'],
  [{ ...least, createdAt: { $date: null } }, 'createdAt: This is no time from 1970 until now.'],
])('what is wrong is said: %j', (record, problem) => {
  expect(read(record)).toEqual({ problem })
})

test.each([
  [1_704_164_645],
  ['1704164645'],
  [1_704_164_645_678],
  ['1704164645678'],
  ['2024-01-02T03:04:05Z'],
  [{ $date: '2024-01-02T03:04:05.678Z' }],
  [{ $date: { $numberLong: '1704164645678' } }],
])('a time may be written as %j', (createdAt) => {
  expect(read({ ...least, createdAt })).toMatchObject({ user: { createdAt: 1_704_164_645 } })
})

test('without a password hash, a user is imported if that was asked for', () => {
  const fields = { email: 'ada@example.com' }
  const read = importedUser(fields, { ...terms, isPasswordless: true })
  expect(read).toMatchObject({ user: { passwordHash: '!' } })
})

describe('a document of mongoexport', () => {
  const _id = { $oid: '65937d65a1b2c3d4e5f60718' }

  test('may have an address as username', () => {
    const record = { _id, username: 'ada@example.com', password: bcrypt }
    expect(read(record, 'mongoexport')).toMatchObject({
      user: { email: 'ada@example.com', username: null },
    })
  })

  test('keeps the username that is one, and leaves out what is none', () => {
    const record = { _id, ...least, username: 'ada', roles: { User: 2001 }, refreshToken: ['x'] }
    expect(read(record, 'mongoexport')).toMatchObject({ user: { username: 'ada', roles: [] } })
    expect(read({ ...record, username: 'ada@example.com' }, 'mongoexport')).toMatchObject({
      user: { email: 'Ada@Example.com', username: null },
    })
  })

  test('tells by its id when it was made, unless it says so itself', () => {
    expect(read({ _id, ...least }, 'mongoexport')).toMatchObject({
      user: { createdAt: 0x65937d65 },
    })
    const createdAt = { $date: '2024-01-02T03:04:05Z' }
    expect(read({ _id, ...least, createdAt }, 'mongoexport')).toMatchObject({
      user: { createdAt: 1_704_164_645 },
    })
  })

  test('with a username alone has no address', () => {
    expect(read({ _id, username: 'ada', password: bcrypt }, 'mongoexport')).toEqual({
      problem: 'There is no e-mail address.',
    })
  })
})

describe('a user of Firebase', () => {
  const record = {
    localId: '1',
    email: 'ada@example.com',
    emailVerified: true,
    passwordHash: signerKey,
    salt: '42xEC+ixf3L2lw==',
    displayName: 'Ada',
    createdAt: '1704164645678',
    disabled: true,
  }

  test('is taken with the parameters of the project', () => {
    expect(read(record, 'firebase')).toMatchObject({
      user: {
        name: 'Ada',
        emailVerified: true,
        status: 'blocked',
        createdAt: 1_704_164_645,
        passwordHash: `$firebase-scrypt$ln=14,r=8$42xEC+ixf3L2lw==$Bw==$${signerKey}$${signerKey}`,
      },
    })
  })

  test('who signs in with others has no password hash', () => {
    const { passwordHash: _, salt: __, ...others } = record
    expect(read(others, 'firebase')).toEqual({ problem: 'There is no password hash.' })
  })
})
