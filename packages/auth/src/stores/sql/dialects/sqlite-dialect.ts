import { sql } from 'kysely'
import type { SqlDialect } from '../database.ts'
import { sqlitePlaces } from './sqlite-places.ts'

/** Its transactions take the one write lock when they begin: each has its turn, and none is late. */
export const sqliteStatements: SqlDialect = {
  name: 'sqlite',
  places: sqlitePlaces,
  bytesType: sql`blob`,
  contains: (column, text) => sql`instr(${column}, ${text}) > 0`,
  tableNames: async (db) => (await db.introspection.getTables()).map(({ name }) => name),
  takeTurn: async () => {},
  isRaceLost: () => false,
  // Other processes find them at their next read.
  announceEntries: async () => {},
}
