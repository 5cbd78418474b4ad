// The order of the two packages' folders. ARCHITECTURE.md gives the reasons.

import type { LayerTable } from './layers.ts'

// Rules that several features share. They may know each other, without a ring.
const capabilities = [
  'users',
  'tokens',
  'sessions',
  'revocation',
  'signals',
  'observability',
  'clients',
  'access',
  'throttle',
  'audit',
  'mail',
]
const belowKeys = ['base', 'model', 'ports', 'crypto']
const belowFeatures = [...belowKeys, 'keys', ...capabilities, 'http']
const belowServer = [...belowFeatures, 'features', 'stores', 'app']

export const authLayers: LayerTable = {
  mayImport: {
    base: [],
    http: ['base'],
    model: ['base'],
    // Of the ports, the log: a store reads no clock.
    stores: ['base', 'model', 'ports'],
    ports: ['base', 'model'],
    crypto: ['base', 'model', 'ports'],
    keys: belowKeys,
    ...Object.fromEntries(
      capabilities.map((folder) => [folder, [...belowKeys, 'keys', ...capabilities]]),
    ),
    // What it tells of an answer, HTTP defines.
    observability: [...belowKeys, 'keys', ...capabilities, 'http'],
    features: belowFeatures,
    app: [...belowFeatures, 'features', 'stores'],
    server: belowServer,
    cli: [...belowServer, 'server'],
    testing: belowServer,
  },
  dependencyOnlyIn: {
    'better-sqlite3': ['stores'],
    kysely: ['stores'],
    pg: ['stores'],
    'pg-connection-string': ['stores'],
    'prom-client': ['observability'],
    '@opentelemetry/api': ['observability'],
    '@node-rs/argon2': ['crypto'],
    '@node-rs/bcrypt': ['crypto'],
    commander: ['cli'],
    nodemailer: ['ports'],
    'csv-parse': ['cli'],
    express: ['app', ''],
    fastify: ['app', ''],
  },
  clockOnlyIn: ['ports'],
  separated: ['features'],
  withoutDependencies: ['base'],
}

export const verifyLayers: LayerTable = {
  mayImport: {
    keys: [],
    revocation: ['keys'],
    token: ['keys', 'revocation'],
    guard: ['keys', 'token', 'revocation'],
    connection: ['keys', 'token', 'revocation', 'guard'],
    testing: ['keys', 'token', 'revocation', 'guard', 'connection'],
  },
  dependencyOnlyIn: { express: [''], fastify: [''], hono: [''], 'socket.io': [''], ws: [''] },
  clockOnlyIn: [],
  separated: [],
  withoutDependencies: ['keys', 'token', 'revocation', 'guard', 'connection'],
}

export const clientLayers: LayerTable = {
  mayImport: {
    api: [],
    session: ['api'],
  },
  dependencyOnlyIn: { react: [''] },
  clockOnlyIn: [],
  separated: [],
  withoutDependencies: ['api', 'session'],
}
