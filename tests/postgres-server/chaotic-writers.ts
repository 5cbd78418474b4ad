import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Random } from '../../packages/auth/src/ports/random.ts'

const longestOpenMs = 20

/**
 * Writes entries of the ledger in transactions that overlap in every way: begun in one order and
 * committed in another, some rolled back, some open for long.
 *
 * @returns The keys of all entries that were committed.
 */
export async function writeChaotically(
  { url, random }: { readonly url: string; readonly random: Random },
  { writers, entries }: { readonly writers: number; readonly entries: number },
): Promise<Set<string>> {
  const committed = new Set<string>()
  let begun = 0
  const isWanted = () => begun < entries
  const next = (below: number) => (random.bytes(2)[0] ?? 0) % below

  async function write(writer: number): Promise<void> {
    const client = new pg.Client({ connectionString: url, options: '-c search_path=countersign' })
    await client.connect()
    while (isWanted()) {
      const keys = Array.from({ length: 1 + next(5) }, () => `w${writer}-${begun++}`)
      await client.query('BEGIN')
      for (const key of keys) {
        await client.query(
          `INSERT INTO revocations (kind, key, floor, reason, expires_at)
           VALUES ('session', $1, 0, 'logout', 9999999999)`,
          [key],
        )
        if (next(4) === 0) await sleep(next(longestOpenMs))
      }
      const isKept = next(10) > 0
      await client.query(isKept ? 'COMMIT' : 'ROLLBACK')
      if (isKept) for (const key of keys) committed.add(key)
    }
    await client.end()
  }

  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
  return committed
}
