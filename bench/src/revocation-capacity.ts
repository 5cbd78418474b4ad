import { localRevocations } from '@countersign/verify'
import { progress } from './report/progress.ts'
import { type Aim, cell, type Table } from './report/table.ts'

const batch = 100_000
const lookups = 1_000_000
const megabyte = 1_000_000

interface Capacity {
  readonly entries: number
  readonly megabytes: number
  readonly nanoseconds: number
}

/** What a copy of many live entries takes, and how long it is searched. */
export function measureCapacity(sizes: readonly number[]): { table: Table; aims: readonly Aim[] } {
  const measured = sizes.map(measure)
  return {
    table: {
      key: 'revocation-capacity',
      title: 'a copy of many live entries',
      columns: [
        { key: 'size', title: 'memory', unit: 'MB' },
        { key: 'lookup', title: 'is a session in it', unit: 'ns' },
      ],
      rows: measured.map(({ entries, megabytes, nanoseconds }) => ({
        contender: `${entries.toLocaleString('en')} entries`,
        cells: { size: cell([megabytes]), lookup: cell([nanoseconds]) },
      })),
    },
    aims: measured.map(({ entries, megabytes }) => {
      const limit = entries > 5_000_000 ? 280 : 35
      return {
        claim: `memory of ${entries.toLocaleString('en')} live entries`,
        limit: `≤ ${limit} MB`,
        measured: `${megabytes.toFixed(0)} MB`,
        isMet: megabytes <= limit,
      }
    }),
  }
}

function measure(entries: number): Capacity {
  progress(`revocation · ${entries.toLocaleString('en')} entries`)
  const source = localRevocations()
  const expiresAt = Math.floor(Date.now() / 1000) + 3600
  collect()
  const before = process.memoryUsage().arrayBuffers
  for (let start = 0; start < entries; start += batch) {
    source.merge(
      Array.from({ length: Math.min(batch, entries - start) }, (_, index) => ({
        kind: 'session' as const,
        key: keyOf(start + index),
        floor: 0,
        expiresAt,
      })),
    )
  }
  collect()
  const megabytes = (process.memoryUsage().arrayBuffers - before) / megabyte
  const tokens = Array.from({ length: 1000 }, (_, index) => ({
    sub: '',
    sid: keyOf((index * 7919) % entries),
  }))
  const startedAt = performance.now()
  for (let index = 0; index < lookups; index += 1) {
    const token = tokens[index % tokens.length]
    if (token && !source.isRevoked(token, undefined)) throw new Error('an entry is missing')
  }
  const nanoseconds = ((performance.now() - startedAt) * 1e6) / lookups
  return { entries, megabytes, nanoseconds }
}

/** As long as a session's id. */
function keyOf(index: number): string {
  return `ses_${String(index).padStart(22, '0')}`
}

function collect(): void {
  globalThis.gc?.()
}
