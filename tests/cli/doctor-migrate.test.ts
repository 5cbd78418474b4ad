import { chmodSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { migrations } from '../../packages/auth/src/stores/sql/migrations.ts'
import { createWorkplace, emptyWorkplace, type Workplace } from './workplace.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let at: Workplace
let empty: Workplace
beforeAll(async () => {
  at = await createWorkplace()
  empty = emptyWorkplace()
})
afterAll(() => Promise.all([at.remove(), empty.remove()]))

const steps = migrations.map(({ name }) => name)

test('doctor answers with everything it found, and 0 for warnings', async () => {
  expect(await at.json(['doctor'])).toEqual({
    version: expect.stringMatching(/^\d/),
    node: process.versions.node,
    napi: process.versions.napi,
    options: expect.arrayContaining([
      { variable: 'PASSWORD_MIN_LENGTH', value: '8', from: 'default' },
      { variable: 'DATABASE_URL', value: at.environment['DATABASE_URL'], from: 'environment' },
    ]),
    database: {
      sizeBytes: expect.any(Number),
      journalMode: 'wal',
      serverVersion: null,
      pendingSteps: [],
    },
    keys: [],
    findings: [{ level: 'warning', about: 'PASSWORD_MIN_LENGTH', message: expect.any(String) }],
  })
})

test('doctor says what each line is about, separated by tabs', async () => {
  const kinds = (await at.done(['doctor'])).split('\n').map((line) => line.split('\t')[0])
  expect([...new Set(kinds)]).toEqual(['about', 'option', 'database', 'finding', ''])
})

test('doctor ends with 1 when there is an error, and finds the rest all the same', async () => {
  const copy = at.copy()
  chmodSync(join(copy.folder, 'c.secret'), 0o644)
  const { code, stdout, stderr } = await copy.run(['doctor', '--json'], {
    environment: { TRUSTED_ORIGINS: '*' },
  })
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(JSON.parse(stdout).findings).toMatchObject([
    { level: 'error', about: 'TRUSTED_ORIGINS' },
    { level: 'error', about: 'COUNTERSIGN_SECRET' },
  ])
})

test('doctor shows no secret', async () => {
  const secret = readFileSync(join(at.folder, 'c.secret'), 'utf8').trim()
  const hidden = 'hunter2-hunter2-hunter2-hunter2!'
  const { stdout } = await at.run(['doctor', '--json'], {
    environment: { COUNTERSIGN_SECRET: secret, ACCESS_TOKEN_SECRET: hidden },
  })
  expect(JSON.parse(stdout).options).toContainEqual({
    variable: 'COUNTERSIGN_SECRET',
    value: 'set',
    from: 'environment',
  })
  expect(stdout).not.toContain(secret)
  expect(stdout).not.toContain(hidden)
})

test('doctor makes nothing where there is nothing', async () => {
  expect(await empty.json(['doctor'])).toMatchObject({ database: null })
  expect(readdirSync(empty.folder)).toEqual([])
})

test('doctor looks at a database a server works on', async () => {
  const copy = at.copy()
  await copy.serve()
  const { findings, keys } = await copy.json(['doctor'])
  expect(findings).toHaveLength(1)
  expect(keys).toMatchObject([{ stage: 'signing' }])
})

test('migrate says what would be done, does it, and then finds nothing to do', async () => {
  const place = emptyWorkplace()
  expect(await place.json(['migrate', '--dry-run'])).toEqual({ pending: steps })
  expect(readdirSync(place.folder)).toEqual([])
  expect(await place.done(['migrate'])).toBe(steps.map((step) => `Applied ${step}\n`).join(''))
  expect(readdirSync(place.folder)).toEqual(['c.db'])
  expect(await place.json(['migrate'])).toEqual({ applied: [] })
  expect(await place.done(['migrate', '--dry-run'])).toBe('The database is up to date.\n')
  await place.remove()
})

test('migrate is refused a URL it cannot use, and does not repeat it', async () => {
  const environment = { DATABASE_URL: 'mysql://root:hunter2@db/app' }
  const { code, stdout, stderr } = await empty.run(['migrate'], { environment })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^error: DATABASE_URL must be (?!.*hunter2).+\n$/)
})
