import { createHash } from 'node:crypto'
import { type AccessToken, TokenError, type Verifier } from '@countersign/verify'
import { isEqualConstantTime } from '../base/constant-time.ts'
import { AuthError } from '../base/errors.ts'
import type { ServiceClient } from '../model/service-client.ts'
import type { Stores } from '../model/stores.ts'
import type { Clock } from '../ports/clock.ts'
import { admitAttempt, type Throttle } from '../throttle/throttle.ts'
import { type Assertion, isAssertionGood, readAssertion } from './client-assertion.ts'

interface ClientDeps {
  readonly clock: Clock
  readonly stores: Pick<Stores, 'clients'>
  readonly throttle: Throttle
  readonly verifier: Verifier
  readonly settings: { readonly issuer: string; readonly basePath: string }
}

/** How a client proves itself: by one of these, and no other beside it. */
type Proof =
  | { readonly kind: 'secret'; readonly clientId: string; readonly secret: string }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'token'; readonly token: string }

// Only what fails is counted: whoever fails in a client's name must not keep it from its work.
const failures = { name: 'client', points: 10, windowSeconds: 60 }

/**
 * Finds out which service client calls: by HTTP Basic or in the form (RFC 6749 §2.3.1), by an
 * assertion of its key (RFC 7523 §2.2), or by an access token of its own.
 *
 * @param input.form Of a form body; `null` without one.
 * @throws {AuthError} `CLIENT_INVALID`, the same for one that is not known, disabled, or did not
 *   prove itself; after ten failures of one client in a minute `RATE_LIMITED`.
 */
export async function authenticateClient(
  deps: ClientDeps,
  input: { readonly headers: Headers; readonly form: Readonly<Record<string, string>> | null },
): Promise<ServiceClient> {
  const proof = readProof(input)
  if (!proof) throw new AuthError('CLIENT_INVALID', { detail: 'no single proof in the request' })
  if (proof.kind === 'token') return clientOfToken(deps, proof.token)

  const clientId = proof.kind === 'secret' ? proof.clientId : proof.assertion.clientId
  const client = await deps.stores.clients.find(clientId)
  const isProven =
    proof.kind === 'secret'
      ? isSecretOf(client, proof.secret)
      : client !== null && (await isAssertionGood(deps, { client, assertion: proof.assertion }))
  if (isProven && client?.status === 'active') return client
  await admitAttempt(deps.throttle, { limit: failures, key: clientId.slice(0, 64) })
  throw new AuthError('CLIENT_INVALID', { detail: 'not known, disabled, or not proven' })
}

/** What is kept of a client's secret. It has full entropy: nothing slower is needed. */
export function hashClientSecret(secret: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(secret).digest())
}

const noSecret = new Uint8Array(32)

// Hashed and compared whoever it is, so that the time tells nothing.
function isSecretOf(client: ServiceClient | null, secret: string): boolean {
  const isEqual = isEqualConstantTime(hashClientSecret(secret), client?.secretHash ?? noSecret)
  return isEqual && client !== null && client.secretHash !== null
}

async function clientOfToken(deps: ClientDeps, token: string): Promise<ServiceClient> {
  const claims = await verify(deps.verifier, token)
  const client = claims.sub === claims.client_id ? await deps.stores.clients.find(claims.sub) : null
  if (client?.status !== 'active' || client.tokenVersion !== claims.tv) {
    throw new AuthError('CLIENT_INVALID', { detail: 'the token is of no client that is active' })
  }
  // The token may carry less than the client has.
  const granted = claims.scope?.split(' ') ?? []
  return { ...client, scopes: client.scopes.filter((scope) => granted.includes(scope)) }
}

async function verify(verifier: Verifier, token: string): Promise<AccessToken> {
  try {
    return await verifier.verify(token)
  } catch (cause) {
    if (!(cause instanceof TokenError)) throw cause
    throw new AuthError('CLIENT_INVALID', { detail: cause.detail, cause })
  }
}

function readProof({
  headers,
  form,
}: {
  headers: Headers
  form: Readonly<Record<string, string>> | null
}): Proof | null {
  const proofs = [...fromHeader(headers.get('authorization')), ...fromForm(form ?? {})]
  const [proof, ...others] = proofs
  // RFC 6749 §2.3: not more than one way in a request.
  return proof && others.length === 0 ? proof : null
}

function fromHeader(value: string | null): Proof[] {
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+)$/.exec(value ?? '') ?? []
  if (scheme.toLowerCase() === 'bearer') return [{ kind: 'token', token: credentials }]
  if (scheme.toLowerCase() !== 'basic') return []
  const text = Buffer.from(credentials, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  const clientId = formDecode(text.slice(0, Math.max(colon, 0)))
  const secret = formDecode(text.slice(colon + 1))
  if (colon < 0 || clientId === null || secret === null) return []
  return [{ kind: 'secret', clientId, secret }]
}

function fromForm(form: Readonly<Record<string, string>>): Proof[] {
  const { client_id: clientId, client_secret: secret } = form
  const assertion = readAssertion(form)
  return [
    ...(clientId !== undefined && secret !== undefined
      ? [{ kind: 'secret', clientId, secret } as const]
      : []),
    ...(assertion ? [{ kind: 'assertion', assertion } as const] : []),
  ]
}

function formDecode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null
  }
}
