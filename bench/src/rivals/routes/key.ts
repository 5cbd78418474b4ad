import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import type { Jwk } from '@countersign/verify'

/** The key a route's server checks tokens with, as its parent hands it over. */
export interface RouteKey {
  readonly algorithm: 'HS256' | 'ES256'
  readonly jwk: Jwk
  readonly key: KeyObject
}

export function keyFromEnvironment(): RouteKey {
  const jwk = JSON.parse(process.env['KEY'] ?? '') as Jwk
  return jwk.kty === 'oct'
    ? { algorithm: 'HS256', jwk, key: createSecretKey(String(jwk['k']), 'base64url') }
    : { algorithm: 'ES256', jwk, key: createPublicKey({ key: { ...jwk }, format: 'jwk' }) }
}
