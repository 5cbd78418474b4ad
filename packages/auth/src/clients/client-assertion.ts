import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, jwtVerify } from 'jose'
import type { ServiceClient } from '../model/service-client.ts'
import type { Stores } from '../model/stores.ts'
import type { Clock } from '../ports/clock.ts'

/** An assertion as it came; nothing is proven. */
export interface Assertion {
  readonly clientId: string
  readonly jwt: string
}

const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const algorithms = ['ES256', 'EdDSA', 'RS256', 'PS256']
/** Longer ones would have to be remembered for longer. */
const longestSeconds = 300
const maxLength = 8192

/** Reads `client_assertion` (RFC 7521 §4.2); `null` when there is none that can be read. */
export function readAssertion(form: Readonly<Record<string, string>>): Assertion | null {
  const jwt = form['client_assertion']
  if (jwt === undefined || form['client_assertion_type'] !== type || jwt.length > maxLength) {
    return null
  }
  try {
    const { sub } = decodeJwt(jwt)
    return typeof sub === 'string' && sub !== '' ? { clientId: sub, jwt } : null
  } catch {
    return null
  }
}

/**
 * Whether an assertion proves a client (RFC 7523 §3): signed by a key that was registered for it,
 * for this server, by and about the client, for at most five minutes, and not seen before.
 */
export async function isAssertionGood(
  deps: {
    readonly clock: Clock
    readonly stores: Pick<Stores, 'clients'>
    readonly settings: { readonly issuer: string; readonly basePath: string }
  },
  { client, assertion }: { readonly client: ServiceClient; readonly assertion: Assertion },
): Promise<boolean> {
  if (client.jwks === null) return false
  const { issuer, basePath } = deps.settings
  const now = deps.clock.now()
  try {
    const keys = createLocalJWKSet(JSON.parse(client.jwks) as JSONWebKeySet)
    const { payload } = await jwtVerify(assertion.jwt, keys, {
      algorithms,
      issuer: client.id,
      subject: client.id,
      audience: [issuer, `${issuer}${basePath}/token`],
      requiredClaims: ['exp', 'jti'],
      currentDate: new Date(now * 1000),
      clockTolerance: 5,
    })
    const { exp = 0, jti = '' } = payload
    if (exp > now + longestSeconds || typeof payload.aud !== 'string' || jti === '') return false
    return await deps.stores.clients.takeOnce(`${client.id} ${jti.slice(0, 256)}`, exp + 5, now)
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof SyntaxError) return false
    throw error
  }
}
