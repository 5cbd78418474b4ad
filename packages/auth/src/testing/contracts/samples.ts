import type { Generation, Rotation, Session } from '../../model/session.ts'
import type { StoredSigningKey } from '../../model/signing-key.ts'
import type { User } from '../../model/user.ts'

/** A user whose identifiers come from a short name of lower-case letters and digits. */
export function sampleUser(name: string, members: Partial<User> = {}): User {
  return {
    id: `usr_${name.padEnd(22, '_')}`,
    email: `${name}@example.com`,
    emailKey: `${name}@example.com`,
    emailVerified: false,
    username: null,
    name: null,
    passwordHash: `$argon2id$${name}`,
    status: 'active',
    roles: [],
    tokenVersion: 0,
    rolesVersion: 0,
    sessionVersion: 0,
    createdAt: 1000,
    updatedAt: 1000,
    ...members,
  }
}

/** An active session of a user, as it is at sign-in. */
export function sampleSession(
  name: string,
  { id: userId }: Pick<User, 'id'>,
  members: Partial<Session> = {},
): Session {
  return {
    id: `ses_${name.padEnd(22, '_')}`,
    userId,
    status: 'active',
    authVersion: 0,
    generation: 0,
    generations: [sampleGeneration(0)],
    createdAt: 1000,
    lastUsedAt: 1000,
    expiresAt: 2000,
    maxExpiresAt: 9000,
    endedAt: null,
    endReason: null,
    authMethods: ['pwd'],
    ip: '192.0.2.1',
    userAgent: null,
    ...members,
  }
}

/** Another number gives another hash. */
export function sampleGeneration(number: number): Generation {
  return { hash: new Uint8Array(32).fill(number), startedAt: 1000 + number }
}

/** The rotation of a session as it is in `session`. */
export function sampleRotation(session: Session, members: Partial<Rotation> = {}): Rotation {
  return {
    sessionId: session.id,
    fromGeneration: session.generation,
    sessionVersion: 0,
    generations: [sampleGeneration(session.generation + 1), ...session.generations].slice(0, 8),
    lastUsedAt: session.lastUsedAt + 100,
    expiresAt: session.expiresAt + 100,
    ip: '2001:db8::1',
    userAgent: 'curl/8.0',
    ...members,
  }
}

export function sampleKey(kid: string, members: Partial<StoredSigningKey> = {}): StoredSigningKey {
  return {
    kid,
    algorithm: 'ES256',
    publicJwk: `{"kty":"EC","kid":"${kid}"}`,
    sealedPrivateKey: `sealed ${kid}`,
    createdAt: 1000,
    activeFrom: 1000,
    ...members,
  }
}

/** Text that breaks what is glued together instead of bound, cut off, or spelled otherwise. */
export const hostileTexts: readonly string[] = [
  `'; DROP TABLE users; --`,
  `"double" 'single' \`back\` \\ %_ ?1 $1 :a @b {}`,
  ' leading and trailing ',
  'line\r\nbreak\ttab',
  '👩‍👩‍👧‍👦 Ω é e\u0301 \u202Eright to left \uFEFF',
  'null',
  '',
  'x'.repeat(10_000),
]

/** Text that some databases cannot hold: a NUL, and halves of a surrogate pair. */
export const impossibleTexts: readonly string[] = ['a\0b', 'a\uD800b', '\uDC00', '\0']
