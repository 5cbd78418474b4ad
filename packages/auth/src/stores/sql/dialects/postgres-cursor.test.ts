import { expect, test } from 'vitest'
import { fakeRandom } from '../../../testing/fake-random.ts'
import { formatSnapshotCursor, parseSnapshotCursor, shortenSnapshot } from './postgres-cursor.ts'

const identity = '7712057478986392534-00000001'

test.each(['782:782:', '10:20:10,15,19', '10:20:12', '1:1:'])(
  '%s is read as written',
  (snapshot) => {
    const cursor = { identity, snapshot }
    expect(parseSnapshotCursor(formatSnapshotCursor(cursor))).toEqual(cursor)
  },
)

// PostgreSQL fails on these, and would fail whoever reads with them.
test.each([
  '',
  'x',
  '782:782:',
  identity,
  `${identity}.`,
  `${identity}.782`,
  `${identity}.0:5:`,
  `${identity}.20:10:`,
  `${identity}.10:20:15,12`,
  `${identity}.10:20:15,15`,
  `${identity}.10:20:9`,
  `${identity}.10:20:25`,
  `${identity}.10:20:15,`,
  `${identity}.10:20:,15`,
  `${identity}.10:99999999999999999999:`,
  `${identity}.10:20:'); DROP TABLE users; --`,
  `${identity}.10:20:${'1,'.repeat(300)}`,
])('%j is no cursor', (text) => {
  expect(parseSnapshotCursor(text)).toBeNull()
})

/** Whether a transaction had ended, by PostgreSQL's rule. */
function sees(snapshot: string, xid: number): boolean {
  const [xmin = '', xmax = '', list = ''] = snapshot.split(':')
  if (xid < Number(xmin)) return true
  return xid < Number(xmax) && !list.split(',').includes(String(xid))
}

test('a snapshot that is shortened sees nothing that it did not see before', () => {
  const random = fakeRandom('snapshots')
  for (let round = 0; round < 200; round += 1) {
    const bytes = random.bytes(300)
    const start = 1_000_000 + round
    const open = [...bytes].flatMap((byte, index) => (byte > 60 ? [start + 3 * index] : []))
    const snapshot = `${open[0]}:${start + 1000}:${open.join(',')}`
    const short = shortenSnapshot(snapshot)
    expect(short.length).toBeLessThanOrEqual(400)
    expect(parseSnapshotCursor(`${identity}.${short}`)).not.toBeNull()
    for (let xid = start - 5; xid < start + 1005; xid += 1) {
      if (sees(short, xid)) expect(sees(snapshot, xid)).toBe(true)
    }
  }
})

test('a snapshot that is short enough stays as it is', () => {
  expect(shortenSnapshot('10:20:12,15')).toBe('10:20:12,15')
})
