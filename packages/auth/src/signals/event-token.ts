import type { Signer } from '../keys/sign.ts'
import type { EventStream, OutgoingEvent } from '../model/event-stream.ts'
import { signJwt } from '../tokens/sign-jwt.ts'

/**
 * Signs an event for its receiver, when it is delivered: the key of the time it happened may be
 * gone by then. Without `sub` and `exp`, so that nobody takes it for an access token.
 *
 * @see RFC 8417 §2.2, §4
 */
export function signEvent(
  { signer, issuer }: { readonly signer: Signer; readonly issuer: string },
  { audience }: Pick<EventStream, 'audience'>,
  { jti, claims }: OutgoingEvent,
): string {
  const own = JSON.parse(claims) as Record<string, unknown>
  return signJwt(signer, 'secevent+jwt', { iss: issuer, aud: audience, jti, ...own })
}
