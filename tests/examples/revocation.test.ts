import { beforeAll, expect, test } from 'vitest'
import { runToEnd } from './run-example.ts'

// Starts six processes.
const patienceMs = 60_000

let walk: { code: unknown; said: string }

beforeAll(async () => {
  walk = await runToEnd(['examples/revocation/walk.ts', 'packages/auth/src/cli/main.ts'])
}, patienceMs)

test('three services refuse within a second of every cause', () => {
  const rows = walk.said.split('\n').filter((line) => line.endsWith(' ms'))
  const times = rows.map((row) => [...row.matchAll(/(\d+) ms/g)].map(([, ms]) => Number(ms)))
  expect(walk.code).toBe(0)
  expect(times.map((row) => row.length)).toEqual([3, 3, 3, 3, 3])
  expect(Math.max(...times.flat())).toBeLessThan(1000)
})
