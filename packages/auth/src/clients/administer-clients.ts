import { createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { auditEvent } from '../audit/event.ts'
import { toBase64Url } from '../base/encoding.ts'
import { AuthError } from '../base/errors.ts'
import type { ServiceClient } from '../model/service-client.ts'
import type { Stores } from '../model/stores.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Random } from '../ports/random.ts'
import { hashClientSecret } from './authenticate-client.ts'

interface AdministerDeps {
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly stores: Pick<Stores, 'clients'>
}

/**
 * Makes a service client.
 *
 * @param input.jwks Public keys for `private_key_jwt`; with them it gets no secret.
 * @param input.by The user who does it, or `cli`.
 * @returns The client, and its secret: this once, as only its hash is kept.
 * @throws {AuthError} `VALIDATION_FAILED` when the keys are no JWK set of public keys.
 */
export async function createServiceClient(
  deps: AdministerDeps,
  input: {
    readonly name: string
    readonly scopes: readonly string[]
    readonly jwks?: JSONWebKeySet | undefined
    readonly by: string
  },
): Promise<{ client: ServiceClient; secret: string | null }> {
  const { clock, random, log, stores } = deps
  const { name, scopes, jwks, by } = input
  if (jwks) requirePublicKeys(jwks)
  const secret = jwks ? null : newSecret(random)
  const client: ServiceClient = {
    id: `cli_${toBase64Url(random.bytes(16))}`,
    name,
    scopes: [...new Set(scopes)].sort(),
    secretHash: secret === null ? null : hashClientSecret(secret),
    jwks: jwks ? JSON.stringify(jwks) : null,
    status: 'active',
    tokenVersion: 0,
    createdAt: clock.now(),
  }
  const audit = auditEvent(deps, 'client.created', { actor: by, subject: client.id })
  await stores.clients.create(client, { audit })
  log.info({ event: 'client.created', clientId: client.id, by }, 'service client created')
  return { client, secret }
}

/** Gives a client another secret; the one before is good for nothing at once. @throws {AuthError} `NOT_FOUND`. */
export async function rotateClientSecret(
  deps: AdministerDeps,
  { clientId, by }: { readonly clientId: string; readonly by: string },
): Promise<string> {
  const { random, log, stores } = deps
  const secret = newSecret(random)
  const audit = auditEvent(deps, 'client.secret_changed', { actor: by, subject: clientId })
  const hash = hashClientSecret(secret)
  const isDone = await stores.clients.replaceSecret(clientId, hash, { audit })
  if (!isDone) throw new AuthError('NOT_FOUND')
  log.info({ event: 'client.secret_rotated', clientId, by }, 'service client has a new secret')
  return secret
}

/** Enables or disables a client. Its access tokens die when it is disabled. @throws {AuthError} `NOT_FOUND`. */
export async function setClientStatus(
  deps: AdministerDeps,
  input: {
    readonly clientId: string
    readonly status: ServiceClient['status']
    readonly by: string
  },
): Promise<void> {
  const { log, stores } = deps
  const { clientId, status, by } = input
  const about = { actor: by, subject: clientId, reason: status }
  const audit = auditEvent(deps, 'client.changed', about)
  if (!(await stores.clients.setStatus(clientId, status, audit.at, { audit }))) {
    throw new AuthError('NOT_FOUND')
  }
  log.info({ event: 'client.changed', clientId, status, by }, `service client ${status}`)
}

/** Deletes a client; its access tokens die. @throws {AuthError} `NOT_FOUND`. */
export async function deleteServiceClient(
  deps: AdministerDeps,
  { clientId, by }: { readonly clientId: string; readonly by: string },
): Promise<void> {
  const { log, stores } = deps
  const audit = auditEvent(deps, 'client.deleted', { actor: by, subject: clientId })
  if (!(await stores.clients.delete(clientId, audit.at, { audit })))
    throw new AuthError('NOT_FOUND')
  log.info({ event: 'client.deleted', clientId, by }, 'service client deleted')
}

function newSecret(random: Random): string {
  return toBase64Url(random.bytes(32))
}

// A private key that somebody hands over by mistake must not be kept.
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth']

function requirePublicKeys(jwks: JSONWebKeySet): void {
  const isPublic =
    Array.isArray(jwks.keys) &&
    jwks.keys.length > 0 &&
    jwks.keys.every((key) => privateMembers.every((member) => !(member in key)))
  if (isPublic && isKeySet(jwks)) return
  throw new AuthError('VALIDATION_FAILED', {
    errors: [{ path: 'jwks', code: 'INVALID', message: 'This is no JWK set of public keys.' }],
  })
}

function isKeySet(jwks: JSONWebKeySet): boolean {
  try {
    createLocalJWKSet(jwks)
    return true
  } catch {
    return false
  }
}
