import type { Kysely } from 'kysely'
import type { InstallationStore } from '../../model/installation.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './tables.ts'

export function sqlInstallation({ db }: Pick<SqlDatabase, 'db'>): InstallationStore {
  return {
    get: (name) => getValue(db, name),
    putIfAbsent: (name, value) => putIfAbsent(db, name, value),
    replace: (name, from, to) => replaceValue(db, { name, from, to }),
  }
}

async function getValue(db: Kysely<Tables>, name: string): Promise<string | null> {
  const row = await db
    .selectFrom('installation')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.value ?? null
}

async function putIfAbsent(db: Kysely<Tables>, name: string, value: string): Promise<string> {
  // Writing the old value over itself makes RETURNING show it.
  const row = await db
    .insertInto('installation')
    .values({ name, value })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({ value: eb.ref('installation.value') })),
    )
    .returning('value')
    .executeTakeFirstOrThrow()
  return row.value
}

async function replaceValue(
  db: Kysely<Tables>,
  { name, from, to }: { name: string; from: string; to: string },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('installation')
    .set({ value: to })
    .where('name', '=', name)
    .where('value', '=', from)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}
