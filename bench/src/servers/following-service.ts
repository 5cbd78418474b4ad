// A service that follows the ledger, as a process of its own. It is told of tokens, and tells when
// each is good and when it is refused, by the clock that all processes of this machine share.

import { setTimeout as sleep } from 'node:timers/promises'
import { createVerifier, revocationFeed } from '@countersign/verify'

const { ISSUER: issuer = '', HUB: hub = '', CLIENT_ID: clientId = '' } = process.env
const clientSecret = process.env['CLIENT_SECRET'] ?? ''
const revocation = revocationFeed({ issuer, hubs: [`${hub}/api/auth`], clientId, clientSecret })
const verifier = createVerifier({
  issuer,
  audience: issuer,
  jwksUri: `${hub}/.well-known/jwks.json`,
  revocation,
})
let watched: string | null = null

process.on('message', (token: string) => void watch(token))

/** Watches a token as soon as it is good here: the machine may be busy with starting others. */
async function watch(token: string): Promise<void> {
  for (let isGood = false; !isGood; ) {
    isGood = await verifier.verify(token, { policy: 'strict' }).then(
      () => true,
      () => false,
    )
    if (!isGood) await sleep(20)
  }
  watched = token
  process.send?.({ isGood: true })
}
revocation.on('revoked', () => {
  if (watched === null) return
  try {
    // The key is known and the copy fresh: it throws, or it is good.
    void verifier.verifyNow(watched, { policy: 'strict' })
  } catch {
    watched = null
    process.send?.({ refusedAt: Number(process.hrtime.bigint()) / 1e6 })
  }
})
await revocation.ready()
process.send?.({ isReady: true })
