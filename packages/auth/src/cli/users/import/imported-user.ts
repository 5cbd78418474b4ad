import { toBase64Url } from '../../../base/encoding.ts'
import { type EpochSeconds, secondsPerDay } from '../../../base/time.ts'
import { readImportedHash } from '../../../crypto/imported-hash/imported-hash.ts'
import { nameField, roleNameField } from '../../../features/schemas.ts'
import { parseEmail, parseUsername } from '../../../model/identifiers.ts'
import type { User, UserStatus } from '../../../model/user.ts'
import type { Random } from '../../../ports/random.ts'
import type { SourceFields } from './source-fields.ts'
import { isRecord } from './source-row.ts'

/** What users are made with. */
export interface ImportTerms {
  readonly random: Random
  readonly now: EpochSeconds
  /** Whether users without a password hash are imported too. */
  readonly isPasswordless: boolean
}

// No hash of any kind: it never matches, at the cost of a hash.
const noPassword = '!'

/** What is wrong with a user, for whoever reads the report. Repeats no value. */
class FieldProblem extends Error {}

/** Makes a user of what a file says. @returns The user, or what is wrong. */
export function importedUser(
  fields: SourceFields,
  terms: ImportTerms,
): { readonly user: User } | { readonly problem: string } {
  try {
    return { user: toUser(fields, terms) }
  } catch (error) {
    if (error instanceof FieldProblem) return { problem: error.message }
    throw error
  }
}

function toUser(fields: SourceFields, { random, now, isPasswordless }: ImportTerms): User {
  const address = parseEmail(textOf('email', fields.email) ?? '')
  if (!address) {
    throw new FieldProblem(
      fields.email === undefined
        ? 'There is no e-mail address.'
        : 'email: This is not one e-mail address.',
    )
  }
  return {
    // New, so that none is like one of other software, or chosen.
    id: `usr_${toBase64Url(random.bytes(16))}`,
    ...address,
    emailVerified: flagOf('emailVerified', fields.emailVerified) ?? false,
    username: usernameOf(fields.username),
    name: nameOf(fields.name),
    passwordHash: hashOf(fields.passwordHash, isPasswordless),
    status: statusOf(fields.status),
    roles: rolesOf(fields.roles),
    tokenVersion: 0,
    rolesVersion: 0,
    sessionVersion: 0,
    createdAt: timeOf(fields.createdAt, now) ?? now,
    updatedAt: now,
  }
}

function textOf(field: string, value: unknown): string | null {
  if (value === undefined) return null
  if (typeof value === 'string') return value
  throw new FieldProblem(`${field}: This is not text.`)
}

function usernameOf(value: unknown): string | null {
  const text = textOf('username', value)
  if (text === null) return null
  const username = parseUsername(text)
  if (username === null) throw new FieldProblem('username: 3 to 32 of a-z 0-9 . _ -')
  return username
}

function nameOf(value: unknown): string | null {
  const name = textOf('name', value)
  if (name === null || nameField.safeParse(name).success) return name
  throw new FieldProblem('name: At most 100 characters, and no control characters.')
}

function hashOf(value: unknown, isPasswordless: boolean): string {
  const text = textOf('passwordHash', value)
  if (text === null && isPasswordless) return noPassword
  if (text === null) throw new FieldProblem('There is no password hash.')
  const read = readImportedHash(text)
  if ('problem' in read) throw new FieldProblem(`passwordHash: ${read.problem}`)
  return text
}

const flags: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ...[true, 1, 'true', '1', 't', 'yes'].map((value) => [value, true] as const),
  ...[false, 0, 'false', '0', 'f', 'no'].map((value) => [value, false] as const),
])

function flagOf(field: string, value: unknown): boolean | null {
  if (value === undefined) return null
  const flag = flags.get(typeof value === 'string' ? value.toLowerCase() : value)
  if (flag === undefined) throw new FieldProblem(`${field}: This is neither true nor false.`)
  return flag
}

function statusOf(value: unknown): UserStatus {
  if (value === undefined) return 'active'
  if (value === 'active' || value === 'blocked') return value
  throw new FieldProblem('status: This is neither active nor blocked.')
}

/** A list, or text with spaces or commas between. */
function rolesOf(value: unknown): readonly string[] {
  if (value === undefined) return []
  const roles = typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value
  if (!Array.isArray(roles) || !roles.every((role) => roleNameField.safeParse(role).success)) {
    throw new FieldProblem('roles: These are no names of roles.')
  }
  return [...new Set(roles as string[])].sort()
}

/** ISO 8601, or a count since 1970, of seconds or, as JavaScript has it, of milliseconds. */
function timeOf(value: unknown, now: EpochSeconds): EpochSeconds | null {
  const plain = isRecord(value) ? extendedTime(value) : value
  if (plain === undefined) return null
  const time = Math.floor(isCount(plain) ? seconds(Number(plain)) : parsedTime(plain))
  if (time >= 0 && time <= now + secondsPerDay) return time
  throw new FieldProblem('createdAt: This is no time from 1970 until now.')
}

/** MongoDB Extended JSON: `{"$date": "2024-…Z"}` or `{"$date": {"$numberLong": "1704…"}}`. */
function extendedTime(value: Readonly<Record<string, unknown>>): unknown {
  const date = value['$date'] ?? null
  return isRecord(date) ? (date['$numberLong'] ?? null) : date
}

// Seconds of the year 5138 are milliseconds of 1973.
const firstOfMilliseconds = 1e11

function seconds(count: number): number {
  return count < firstOfMilliseconds ? count : count / 1000
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d{1,14}$/.test(value))
}

function parsedTime(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value) / 1000 : Number.NaN
}
