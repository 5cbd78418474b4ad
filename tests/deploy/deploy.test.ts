import { readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { Deployment } from 'kubernetes-models/apps/v1'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Service } from 'kubernetes-models/v1'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { optionList } from '../../packages/auth/src/app/option-list.ts'
import { serverDefaults } from '../../packages/auth/src/server/server-environment.ts'
import { openAuthority } from '../http/authority.ts'

// What is deployed is held to the schemas of those who read it, and to what this version knows.

const folder = new URL('../../deploy/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')

interface Manifest {
  readonly kind: string
  readonly [member: string]: unknown
}

const manifests = readdirSync(new URL('kubernetes/', folder)).flatMap((name) =>
  parseAllDocuments(read(`kubernetes/${name}`)).map((document) => document.toJS() as Manifest),
)

const models = { ConfigMap, Deployment, NetworkPolicy, PodDisruptionBudget, Service }
type Kind = keyof typeof models

test.each(manifests.map((manifest) => [manifest.kind, manifest] as const))(
  'the manifest of a %s keeps to its schema',
  (kind, manifest) => {
    expect(Object.keys(models)).toContain(kind)
    const Model = models[kind as Kind] as new (data: object) => { validate(): void }
    expect(() => new Model(manifest).validate()).not.toThrow()
  },
)

test('a manifest with a mistake is noticed', () => {
  const deployment = manifests.find(({ kind }) => kind === 'Deployment') as unknown as {
    spec: object
  }
  const broken = { ...deployment, spec: { ...deployment.spec, replicas: 'two' } }
  expect(() => new Deployment(broken as never).validate()).toThrow()
})

test('the Compose file keeps to its schema, and one with a mistake is noticed', () => {
  const schema = JSON.parse(
    readFileSync(new URL('compose-spec/compose-spec.json', import.meta.url), 'utf8'),
  ) as { $schema?: string }
  // Named as another spelling of what Ajv reads by default (draft 7).
  delete schema.$schema
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats.default(ajv)
  const isValid = ajv.compile(schema)
  const compose = parse(read('compose.yaml')) as { services: Record<string, object> }
  isValid(compose)
  expect(isValid.errors).toBeNull()
  expect(isValid({ ...compose, services: { x: { imagge: 'y' } } })).toBe(false)
})

const known = new Set([
  ...optionList.map(({ variable }) => variable),
  ...Object.keys(serverDefaults),
])

test('every variable that is set is one that is known', () => {
  const compose = parse(read('compose.yaml')) as {
    services: { countersign: { environment: object } }
  }
  const config = manifests.find(({ kind }) => kind === 'ConfigMap') as unknown as { data: object }
  const image = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8')
  const ofImage = [...image.matchAll(/^(?:ENV| {4})\s*([A-Z_]+)=/gm)].map(([, name]) => name)
  const names = [
    ...Object.keys(compose.services.countersign.environment),
    ...Object.keys(config.data),
    ...ofImage,
  ]
  expect(names).toContain('DATABASE_URL')
  expect(names.filter((name) => name !== 'NODE_ENV' && !known.has(name ?? ''))).toEqual([])
})

test('every metric of the dashboard and the alerts is one that is served', async () => {
  const authority = await openAuthority({ metricsToken: 'a-token-for-metrics' })
  const call = authority.from()
  await call('GET /profile')
  const headers = { authorization: 'Bearer a-token-for-metrics' }
  const { text } = await call('GET ~/metrics', { headers })
  await authority.close()
  const served = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name))

  const dashboard = JSON.parse(read('grafana/countersign.json')) as {
    panels: { targets: { expr: string }[] }[]
  }
  const alerts = parse(read('prometheus-alerts.yaml')) as {
    groups: { rules: { expr: string }[] }[]
  }
  const queries = [
    ...dashboard.panels.flatMap(({ targets }) => targets),
    ...alerts.groups.flatMap(({ rules }) => rules),
  ].map(({ expr }) => expr)
  const asked = queries.flatMap(
    (query) => query.match(/\b(?:countersign|nodejs|process)_\w+/g) ?? [],
  )
  expect(asked.length).toBeGreaterThan(15)
  const missing = asked.filter((name) => !served.has(name.replace(/_(?:bucket|count|sum)$/, '')))
  expect(missing).toEqual([])
})

test('the image runs as a user without rights, and is asked whether it is ready', () => {
  const image = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8')
  expect(image).toMatch(/^USER (?!0|root)\d+:\d+$/m)
  expect(image).toMatch(/^HEALTHCHECK /m)
  expect(image).not.toMatch(/^(?:ARG|ENV).*(?:SECRET|PASSWORD|TOKEN)/m)
  expect(image).not.toMatch(/^ADD /m)
})
