import { type AliasedRawBuilder, type Kysely, sql } from 'kysely'
import type { Rotation } from '../../model/session.ts'
import { type Batching, compiledBySize } from './batch.ts'
import type { SqlDialect } from './database.ts'
import { encodeGenerations } from './generations.ts'
import type { Tables } from './tables.ts'

interface RotationRow {
  session_id: string
  from_generation: number
  generations: Uint8Array
  last_used_at: number
  expires_at: number
  ip: string
  user_agent: string | null
  session_version: number
}

type RotationParameters = readonly [
  sessionId: string,
  fromGeneration: number,
  generations: Uint8Array,
  lastUsedAt: number,
  expiresAt: number,
  ip: string,
  userAgent: string | null,
  sessionVersion: number,
]

/** No session has this id. */
const noRotation: RotationParameters = ['', 0, new Uint8Array(), 0, 0, '', null, 0]

/**
 * Rotates sessions, each by itself: of several in one statement, those that are no longer as they
 * were read stay as they are, and the others rotate.
 */
export function rotating(db: Kysely<Tables>, dialect: SqlDialect): Batching<Rotation, boolean> {
  const statements = compiledBySize((size) => updateRotated(db, rowsOf(size, dialect)).compile())
  return {
    keyOf: ({ sessionId }) => sessionId,
    async run(rotations) {
      const { query, size } = statements.for(rotations.length)
      const rows = inOneOrder(rotations).map(toParameters)
      const unused = Array.from({ length: size - rows.length }, () => noRotation)
      const parameters = [...rows, ...unused].flat()
      const result = await db.executeQuery<{ id: string }>({ ...query, parameters })
      const rotated = new Set(result.rows.map(({ id }) => id))
      return rotations.map(({ sessionId }) => rotated.has(sessionId))
    },
  }
}

// Two statements of two processes that lock the same rows must not do it crosswise.
function inOneOrder(rotations: readonly Rotation[]): Rotation[] {
  return rotations.toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : 1))
}

function toParameters(rotation: Rotation): RotationParameters {
  return [
    rotation.sessionId,
    rotation.fromGeneration,
    encodeGenerations(rotation.generations),
    rotation.lastUsedAt,
    rotation.expiresAt,
    rotation.ip,
    rotation.userAgent,
    rotation.sessionVersion,
  ]
}

/** As many rows as wanted, whose values are `RotationParameters` one after the other. */
function rowsOf(size: number, { bytesType }: SqlDialect): AliasedRawBuilder<RotationRow, 'wanted'> {
  const [id, generation, generations, usedAt, expiresAt, ip, userAgent, version] = noRotation
  const row = sql`(
    cast(${id} as text), cast(${generation} as bigint), cast(${generations} as ${bytesType}),
    cast(${usedAt} as bigint), cast(${expiresAt} as bigint),
    cast(${ip} as text), cast(${userAgent} as text), cast(${version} as bigint)
  )`
  return sql<RotationRow>`(
    SELECT column1 AS session_id, column2 AS from_generation, column3 AS generations,
      column4 AS last_used_at, column5 AS expires_at, column6 AS ip, column7 AS user_agent,
      column8 AS session_version
    FROM (VALUES ${sql.join(Array.from({ length: size }, () => row))}) AS listed
  )`.as('wanted')
}

function updateRotated(db: Kysely<Tables>, wanted: AliasedRawBuilder<RotationRow, 'wanted'>) {
  return db
    .updateTable('sessions')
    .from(wanted)
    .set(({ ref }) => ({
      generation: sql<number>`wanted.from_generation + 1`,
      generations: ref('wanted.generations'),
      last_used_at: ref('wanted.last_used_at'),
      expires_at: ref('wanted.expires_at'),
      ip: ref('wanted.ip'),
      user_agent: ref('wanted.user_agent'),
    }))
    .whereRef('sessions.id', '=', 'wanted.session_id')
    .where('sessions.status', '=', sql.lit('active'))
    .whereRef('sessions.generation', '=', 'wanted.from_generation')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('users')
          .select(sql`1`.as('one'))
          .whereRef('users.id', '=', 'sessions.user_id')
          .where('users.status', '=', sql.lit('active'))
          .whereRef('users.session_version', '=', sql.ref('wanted.session_version')),
      ),
    )
    .returning('sessions.id')
}
