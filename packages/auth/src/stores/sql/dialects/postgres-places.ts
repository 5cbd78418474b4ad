import { type Kysely, type Selectable, type SqlBool, sql } from 'kysely'
import type { LedgerPlaces } from '../database.ts'
import type { RevocationRow, Tables } from '../tables.ts'
import { formatSnapshotCursor, parseSnapshotCursor } from './postgres-cursor.ts'

type Row = Selectable<RevocationRow>

/** Every read, even of nothing, says where it stands: entries are joined to that. */
type ReadRow = Here & ({ [Column in keyof Row]: Row[Column] } | { [Column in keyof Row]: null })

interface Here {
  readonly identity: string
  readonly snapshot: string
  readonly ahead: boolean
}

// The server's identity, and the timeline it writes: a copy or a standby that took over has
// another. Only a server that takes writes can answer; a standby may be behind.
const identity = sql<string>`(
  (SELECT system_identifier FROM pg_control_system())::text || '-' ||
  substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
)`

/**
 * A place is a snapshot: which transactions had ended. What came after it is what was written by
 * those that had not. An `id > last` would lose entries: ids are given out before the commit, and
 * a later id may be committed first.
 */
export const postgresPlaces: LedgerPlaces = {
  async now(db) {
    const { rows } = await sql<Here>`
      SELECT ${identity} AS identity, pg_current_snapshot()::text AS snapshot
    `.execute(db)
    return formatSnapshotCursor(the(rows))
  },

  async after(db, cursor, limit) {
    const place = parseSnapshotCursor(cursor)
    if (!place) return null
    const found = await readAfter(db, place.snapshot, limit)
    const here = the(found)
    if (here.identity !== place.identity || here.ahead) return null
    const rows = found.filter((row): row is Here & Row => row.id !== null)
    // With nothing new the old place is as good, and whoever is there need not move.
    return { cursor: rows.length === 0 ? cursor : formatSnapshotCursor(here), rows }
  },

  covers: (entryId) => sql<SqlBool>`(
    split_part(verifiers.cursor, '.', 1) = ${identity} AND
    pg_visible_in_snapshot(
      (SELECT xid FROM revocations WHERE id = ${entryId}),
      split_part(verifiers.cursor, '.', 2)::pg_snapshot
    )
  )`,
}

async function readAfter(db: Kysely<Tables>, snapshot: string, limit: number): Promise<ReadRow[]> {
  // One statement sees one snapshot: what it gives as its place is what it read by.
  const { rows } = await sql<ReadRow>`
    SELECT here.*, entry.id, entry.kind, entry.key, entry.floor, entry.reason, entry.expires_at
    FROM (
      SELECT
        ${identity} AS identity,
        pg_current_snapshot()::text AS snapshot,
        pg_snapshot_xmax(${snapshot}::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot())
          AS ahead
    ) AS here
    LEFT JOIN LATERAL (
      SELECT * FROM revocations
      WHERE xid >= pg_snapshot_xmin(${snapshot}::pg_snapshot)
        AND NOT pg_visible_in_snapshot(xid, ${snapshot}::pg_snapshot)
      ORDER BY id
      LIMIT ${limit}
    ) AS entry ON true
  `.execute(db)
  return rows
}

function the<Row>(rows: readonly Row[]): Row {
  const [first] = rows
  if (!first) throw new Error('PostgreSQL answered a read of the ledger with nothing.')
  return first
}
