// Measures checks of tokens that were checked before, in a process of its own, as a service is:
// elsewhere the engine has compiled the verifier for what else it was used for. Argument: rounds.

import { createVerifier, localRevocations, type Verifier } from '@countersign/verify'
import { audience, createSigningKey, issuer, issueTokens, verificationJwk } from '../tokens.ts'

/** Microseconds a call, a figure a round. */
export interface WarmFigures {
  readonly few: number[]
  readonly many: number[]
}

export interface WarmChecks {
  readonly byExpiry: WarmFigures
  readonly following: WarmFigures
}

const entries = 100_000
const key = createSigningKey('ES256')
const tokens = await issueTokens(key, 10_000)
const options = { issuer, audience, jwks: { keys: [verificationJwk(key)] }, cacheSize: 40_000 }
const revocation = localRevocations()
const expiresAt = Math.floor(Date.now() / 1000) + 3600
revocation.merge(
  Array.from({ length: entries }, (_, index) => ({
    kind: 'session' as const,
    key: `ses_${index}`,
    floor: 0,
    expiresAt,
  })),
)
const contenders = [
  { name: 'byExpiry', verifier: createVerifier(options) },
  { name: 'following', verifier: createVerifier({ ...options, revocation }) },
] as const
const checks: WarmChecks = { byExpiry: { few: [], many: [] }, following: { few: [], many: [] } }

// The first round is for the engine, which compiles what is called often.
for (let round = -1; round < Number(process.argv[2]); round++) {
  for (const { name, verifier } of contenders) {
    const few = timeWarm(verifier, tokens.slice(0, 1000))
    const many = timeWarm(verifier, tokens)
    if (round < 0) continue
    checks[name].few.push(few)
    checks[name].many.push(many)
  }
}
process.send?.(checks)

/** @returns Microseconds a call. Each token is a new string, as from a request. */
function timeWarm(verifier: Verifier, tokens: readonly string[]): number {
  const repeats = Math.ceil(40_000 / tokens.length)
  const confirm = () => revocation.confirm(performance.now())
  confirm()
  for (const token of tokens) void verifier.verifyNow(token)
  let elapsed = 0
  for (let repeat = 0; repeat < repeats; repeat++) {
    const fresh = tokens.map((token) => Buffer.from(token).toString('latin1'))
    confirm()
    const start = performance.now()
    for (const token of fresh) void verifier.verifyNow(token)
    elapsed += performance.now() - start
  }
  return (elapsed * 1000) / (repeats * tokens.length)
}
