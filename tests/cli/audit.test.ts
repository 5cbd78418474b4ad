import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createWorkplace, password, type Workplace } from './workplace.ts'

// A process takes seconds to start on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let at: Workplace
let url: string
beforeAll(async () => {
  at = await createWorkplace()
  url = await at.serve()
  const headers = { 'content-type': 'application/json' }
  for (const tried of ['not-the-password', password]) {
    const body = JSON.stringify({ email: 'ada@example.com', password: tried })
    await fetch(`${url}/api/auth/login`, { method: 'POST', headers, body })
  }
})
afterAll(() => at.remove())

interface Report {
  readonly audit: { readonly intact: number; readonly broken: unknown; readonly unsealed: number }
}

const verify = async () => {
  const { stdout } = await at.run(['audit', 'verify', '--json'])
  return JSON.parse(stdout) as Report
}

test('list shows what a user did and what was done to them', async () => {
  const lines = (await at.done(['audit', 'list', '--user', 'ada@example.com'])).trim().split('\n')
  expect(lines.map((line) => line.split('\t')[1])).toEqual([
    'login',
    'login.failed',
    'user.created',
  ])
  const { events } = (await at.json(['audit', 'list', '--type', 'login.failed'])) as {
    events: { outcome: string; reason: string }[]
  }
  expect(events).toMatchObject([{ outcome: 'failure', reason: 'wrong_credentials' }])
})

test('a running server seals events within seconds, and verify finds them intact', async () => {
  await vi.waitFor(
    async () => {
      const { audit } = await verify()
      expect(audit).toMatchObject({ broken: null, unsealed: 0 })
      expect(audit.intact).toBeGreaterThan(3)
    },
    { timeout: 60_000, interval: 500 },
  )
})

test('an event that somebody changed in the database is named, and the exit code is 1', async () => {
  const database = new Database(join(at.folder, 'c.db'))
  database.exec("UPDATE audit_events SET network = '10.0.0.0/24' WHERE position = 2")
  database.close()
  const { code, stdout, stderr } = await at.run(['audit', 'verify'])
  expect(code).toBe(1)
  expect(stdout).toContain('1 events are as they were written. Event 2 is not as it was sealed')
  expect(stderr).toContain('error: The audit trail is not as it was written.')
})
