import { beforeServing, openDatabase, type SqlOptions } from './open-database.ts'

/**
 * Copies a database into a new file while a server goes on.
 *
 * @param onProgress Gets the share that is copied, 0 to 1.
 * @throws {StartupError} when there is none, or it cannot be copied.
 */
export async function backUpSql(
  options: SqlOptions,
  path: string,
  onProgress: (share: number) => void,
): Promise<void> {
  const database = await openDatabase(options, { mayCreate: false, mayWrite: false })
  await beforeServing(database, () => database.backUp(path, onProgress))
  await database.close()
}
