import { type Kysely, sql } from 'kysely'
import type { DatabaseCondition } from '../database.ts'
import type { Tables } from '../tables.ts'
import { schemaName } from './postgres-dialect.ts'

/** Looks at our tables and indexes. Whether pages are damaged, `pg_amcheck` tells. */
export async function examinePostgres(db: Kysely<Tables>): Promise<DatabaseCondition> {
  const { rows } = await sql<{ version: string; size: number }>`
    SELECT
      current_setting('server_version') AS version,
      (
        SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
        WHERE relkind = 'r' AND relnamespace = to_regnamespace(${schemaName})
      ) AS size
  `.execute(db)
  const broken = await sql<{ name: string }>`
    SELECT indexrelid::regclass::text AS name FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = to_regnamespace(${schemaName}) AND NOT indisvalid
  `.execute(db)
  return {
    sizeBytes: rows[0]?.size ?? 0,
    journalMode: null,
    serverVersion: rows[0]?.version ?? 'unknown',
    damages: broken.rows.map(({ name }) => `The index ${name} is not valid; REINDEX it.`),
  }
}
