import { toBase64Url } from '../base/encoding.ts'
import type { ServiceClient } from '../model/service-client.ts'
import type { IssueDeps, IssuedAccessToken } from './access-token.ts'
import { signJwt } from './sign-jwt.ts'

/**
 * Issues an access token for a service client (RFC 9068 §2.2, RFC 6749 §4.4): it acts for itself,
 * without a session and without roles.
 *
 * @param input.scopes Of those the client has.
 * @throws {AuthError} `UNAVAILABLE` when there is no key to sign with.
 */
export function issueClientToken(
  { clock, random, keys, settings }: IssueDeps,
  input: {
    readonly client: Pick<ServiceClient, 'id' | 'tokenVersion'>
    readonly scopes: readonly string[]
  },
): IssuedAccessToken {
  const { client, scopes } = input
  const issuedAt = clock.now()
  const expiresIn = settings.accessTokenSeconds
  const expiresAt = issuedAt + expiresIn
  const claims = {
    iss: settings.issuer,
    sub: client.id,
    aud: settings.audience,
    exp: expiresAt,
    iat: issuedAt,
    jti: toBase64Url(random.bytes(16)),
    client_id: client.id,
    tv: client.tokenVersion,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  }
  return { accessToken: signJwt(keys.signer(), 'at+jwt', claims), expiresIn, expiresAt }
}
