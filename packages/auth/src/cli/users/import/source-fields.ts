import { InvalidArgumentError } from 'commander'
import {
  type FirebaseHashConfig,
  formatFirebaseHash,
} from '../../../crypto/imported-hash/firebase-scrypt.ts'
import { isRecord, type SourceRecord } from './source-row.ts'

/** What a file is. */
export type SourceFormat = 'jsonl' | 'csv' | 'mongoexport' | 'firebase'

export const sourceFormats: readonly SourceFormat[] = ['jsonl', 'csv', 'mongoexport', 'firebase']

/** What is imported of a user. Whatever else a file holds is left there. */
const fieldNames = [
  'email',
  'username',
  'name',
  'passwordHash',
  'emailVerified',
  'createdAt',
  'status',
  'roles',
] as const

export type SourceField = (typeof fieldNames)[number]

/** What a file says about a user, field by field; absent where it says nothing. */
export type SourceFields = Readonly<Partial<Record<SourceField, unknown>>>

/** Where the fields are, as `--map` says it; `null`: nowhere. */
export type FieldMap = Readonly<Partial<Record<SourceField, string | null>>>

type Columns = Readonly<Partial<Record<SourceField, readonly string[]>>>

// Roles are taken when `--map` names them, and not otherwise: `admin` in some file is no reason
// to make an administrator.
const usualColumns: Columns = {
  email: ['email'],
  username: ['username'],
  name: ['name'],
  passwordHash: ['passwordHash', 'password_hash', 'password'],
  emailVerified: ['emailVerified', 'email_verified'],
  createdAt: ['createdAt', 'created_at'],
  status: ['status'],
}

const columnsOf: Readonly<Record<SourceFormat, Columns>> = {
  jsonl: usualColumns,
  csv: usualColumns,
  mongoexport: {
    ...usualColumns,
    passwordHash: ['password', 'passwordHash', 'password_hash'],
    emailVerified: ['emailVerified', 'isVerified', 'verified'],
    // Documents have statuses of all kinds.
    status: [],
  },
  firebase: {
    email: ['email'],
    name: ['displayName'],
    emailVerified: ['emailVerified'],
    createdAt: ['createdAt'],
  },
}

/** How the records of a file become fields. */
export interface FieldPlan {
  readonly format: SourceFormat
  readonly map: FieldMap
  /** `null` unless the file comes from Firebase. */
  readonly firebase: FirebaseHashConfig | null
}

/** For `--map`, which may be repeated: `field=column`, and `field=` for none. */
export function collectMapping(text: string, previous: FieldMap = {}): FieldMap {
  const [, name, column] = /^(\w+)=(.*)$/.exec(text) ?? []
  const field = fieldNames.find((known) => known === name)
  if (field === undefined || column === undefined) {
    throw new InvalidArgumentError(`It must be field=column, with one of ${fieldNames.join(', ')}.`)
  }
  return { ...previous, [field]: column === '' ? null : column }
}

/** Finds the fields of a record. */
export function fieldsOf(record: SourceRecord, plan: FieldPlan): SourceFields {
  const fields: Partial<Record<SourceField, unknown>> = {}
  for (const field of fieldNames) {
    const value = firstValue(record, columnsFor(field, plan))
    if (value !== undefined) fields[field] = value
  }
  if (plan.format === 'firebase') return { ...fields, ...firebaseFields(record, plan.firebase) }
  if (plan.format === 'mongoexport') return mongoFields(record, fields, plan.map)
  return fields
}

/** The columns a field is looked for in, first come first. */
export function columnsFor(
  field: SourceField,
  { format, map }: Pick<FieldPlan, 'format' | 'map'>,
): readonly string[] {
  const mapped = map[field]
  if (mapped === undefined) return columnsOf[format][field] ?? []
  return mapped === null ? [] : [mapped]
}

// Of CSV every value is text: an empty one says nothing.
function firstValue(record: SourceRecord, columns: readonly string[]): unknown {
  for (const column of columns) {
    const value = valueAt(record, column)
    if (value !== undefined && value !== null && value !== '') return value
  }
  return undefined
}

/** A member by its name, or by a path with dots. */
function valueAt(record: SourceRecord, column: string): unknown {
  if (Object.hasOwn(record, column) || !column.includes('.')) return record[column]
  return column
    .split('.')
    .reduce<unknown>(
      (value, name) => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined),
      record,
    )
}

/** Tutorials sign in by a username that is an address, or keep no time but that in `_id`. */
function mongoFields(record: SourceRecord, fields: SourceFields, map: FieldMap): SourceFields {
  const { email, username, ...others } = fields
  const isAddress = typeof username === 'string' && username.includes('@')
  const createdAt = map.createdAt === undefined ? timeOfObjectId(record['_id']) : undefined
  return {
    ...(createdAt !== undefined && { createdAt }),
    ...others,
    ...(email === undefined && isAddress ? { email: username } : email !== undefined && { email }),
    ...(username !== undefined && !isAddress && { username }),
  }
}

/** The first four bytes of an ObjectId are when it was made, in seconds. */
function timeOfObjectId(id: unknown): number | undefined {
  const text = isRecord(id) ? id['$oid'] : undefined
  return typeof text === 'string' && /^[0-9a-f]{24}$/i.test(text)
    ? Number.parseInt(text.slice(0, 8), 16)
    : undefined
}

function firebaseFields(
  { passwordHash, salt, disabled }: SourceRecord,
  config: FirebaseHashConfig | null,
): SourceFields {
  const isHashed = typeof passwordHash === 'string' && typeof salt === 'string' && config !== null
  return {
    ...(disabled === true && { status: 'blocked' }),
    ...(isHashed && { passwordHash: formatFirebaseHash(config, { passwordHash, salt }) }),
  }
}
