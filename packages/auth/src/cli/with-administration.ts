import { type Administration, openAdministration } from '../app/administration.ts'
import { readEnvironment } from '../app/environment.ts'

/** The flags of every command that acts on a database. */
export interface DatabaseFlags {
  readonly database?: string
  readonly json?: true
}

/** The environment, with what flags put in its place. */
export function environmentOf({ database }: DatabaseFlags): NodeJS.ProcessEnv {
  return { ...process.env, ...(database !== undefined && { DATABASE_URL: database }) }
}

/**
 * Opens the database, does some work and lets go of it.
 *
 * @param opening.isBulk Whether many rows will be written.
 */
export async function withAdministration(
  flags: DatabaseFlags,
  work: (administration: Administration) => Promise<void>,
  opening: { readonly isBulk?: boolean } = {},
): Promise<void> {
  const { options, problems } = readEnvironment(environmentOf(flags))
  const administration = await openAdministration(options, problems, opening)
  try {
    await work(administration)
  } finally {
    await administration.stores.close()
  }
}
