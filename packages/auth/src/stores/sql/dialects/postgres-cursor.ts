/**
 * A place in the ledger: what a snapshot of PostgreSQL saw. Written
 * `<identity>.<xmin>:<xmax>:<xip,xip,…>`, the second part as PostgreSQL writes a `pg_snapshot`.
 */
export interface SnapshotCursor {
  /** Of the server and its history; after a restore or failover it is another. */
  readonly identity: string
  readonly snapshot: string
}

/** So that a cursor stays below 512 characters. */
const maxSnapshotLength = 400

/** @returns `null` for what is no cursor of this kind. */
export function parseSnapshotCursor(text: string): SnapshotCursor | null {
  const match = /^(\d{1,20}-[0-9A-F]{8})\.(\d{1,20}:\d{1,20}:[\d,]{0,400})$/.exec(text)
  const [, identity, snapshot] = match ?? []
  if (identity === undefined || snapshot === undefined || !isSnapshot(snapshot)) return null
  return { identity, snapshot }
}

export function formatSnapshotCursor({ identity, snapshot }: SnapshotCursor): string {
  return `${identity}.${shortenSnapshot(snapshot)}`
}

/**
 * Shortens a snapshot of many open transactions by taking its end to be at one of them: of what
 * lies behind, nothing counts as seen. A reader then gets some entries twice, and misses none.
 *
 * @exportedForTest
 */
export function shortenSnapshot(snapshot: string): string {
  if (snapshot.length <= maxSnapshotLength) return snapshot
  const { xmin, open } = parts(snapshot)
  // Two numbers as long as the first, and their signs.
  let length = 2 * (xmin.length + 1)
  let kept = 0
  for (const xid of open) {
    length += xid.length + 1
    if (length > maxSnapshotLength) break
    kept += 1
  }
  const end = open[kept - 1] ?? xmin
  return `${xmin}:${end}:${open.slice(0, kept - 1).join(',')}`
}

// PostgreSQL refuses what is out of order, with an error that would fail the whole read.
function isSnapshot(text: string): boolean {
  const { xmin, xmax, open } = parts(text)
  if (open.includes('')) return false
  const ids = [xmin, ...open, xmax].map(BigInt)
  if ((ids[0] ?? 0n) === 0n || ids.some((id) => id >= 2n ** 63n)) return false
  const inOrder = open.length === 0 ? [xmin, xmax].map(BigInt) : ids
  return inOrder.every((id, index) => {
    const before = inOrder[index - 1] ?? 0n
    // The first open transaction may be xmin itself; the others are all different.
    return index <= 1 || inOrder.length === 2 ? id >= before : id > before
  })
}

function parts(snapshot: string): { xmin: string; xmax: string; open: string[] } {
  const [xmin = '', xmax = '', list = ''] = snapshot.split(':')
  return { xmin, xmax, open: list === '' ? [] : list.split(',') }
}
