import { toBase64Url } from '../base/encoding.ts'
import { type Signer, signBytes } from '../keys/sign.ts'

/** The members of a JWT's payload. What is `undefined` is left out. */
export type Claims = Readonly<Record<string, unknown>>

/** JWS compact serialization (RFC 7515 §3.1) with exactly three header members. */
export function signJwt(signer: Signer, typ: string, claims: Claims): string {
  const header = { alg: signer.algorithm, kid: signer.kid, typ }
  const input = `${toSegment(header)}.${toSegment(claims)}`
  return `${input}.${toBase64Url(signBytes(signer, Buffer.from(input)))}`
}

function toSegment(value: Claims): string {
  return toBase64Url(Buffer.from(JSON.stringify(value)))
}
