import { beforeAll, expect, test } from 'vitest'
import { runToEnd } from './run-example.ts'

// Starts six processes.
const patienceMs = 60_000

let walk: { code: unknown; said: string }

beforeAll(async () => {
  walk = await runToEnd(['examples/two-services/walk.ts', 'packages/auth/src/cli/main.ts'])
}, patienceMs)

test('the walk through two services ends well', () => {
  expect(walk).toMatchObject({ code: 0 })
})

test('the services answer as the walk says, the last time without the authority', () => {
  const statuses = [...walk.said.matchAll(/^ {2}(\d{3}) {2}/gm)].map(([, status]) => status)
  expect(statuses.join(' ')).toBe('201 401 200 403 403 200 200 200 200')
})

test('nothing is left running', async () => {
  const addresses = [...walk.said.matchAll(/http:\/\/localhost:\d+$/gm)].map(([address]) => address)
  const answers = await Promise.allSettled(addresses.slice(0, 3).map((address) => fetch(address)))
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
})
