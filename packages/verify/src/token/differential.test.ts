import { createPublicKey, type KeyObject } from 'node:crypto'
import { errors, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import type { Algorithm } from '../keys/key-source.ts'
import { type SeededRandom, seededRandom } from '../testing/seeded-random.ts'
import { createForge, type TokenForge } from '../testing/token-forge.ts'
import { mutateClaims, mutateHeader, mutateText } from '../testing/token-mutations.ts'
import { createVerifier } from './create-verifier.ts'
import { TokenError } from './token-error.ts'
import type { Verifier } from './verifier.ts'

// Random mutations of genuine tokens, judged here and by jose with the same key, algorithm,
// issuer, audience, type, claims and clock. Here may be refused what jose accepts, for a
// reason of the list below; never the other way round.

const seed = Number(process.env.SEED ?? 20_261_125)

/** Why a token that jose accepts is refused here: `detail` of the error. */
const reasons = [
  'too long',
  'header too long',
  'not a compact JWS', // base64url that is not canonical
  'not JSON', // a byte order mark
  'a member twice',
  'a __proto__ member',
  'JSON too deep',
  'header extension', // b64 without crit
  'kid has a wrong type',
  ...['sub', 'aud', 'exp', 'iat', 'nbf', 'jti', 'client_id', 'sid', 'acr', 'scope'].map(
    (claim) => `${claim} has a wrong type`,
  ),
  ...['tv', 'roles', 'permissions', 'amr', 'auth_time'].map((claim) => `${claim} has a wrong type`),
  'bound to a key',
  'expires before it was issued',
  'lives too long',
  'issued in the future',
]

/** How many mutants of each algorithm. Signing with RSA is slow: there most are text. */
const plan: readonly { algorithm: Algorithm; text: number; header: number; claims: number }[] = [
  { algorithm: 'HS256', text: 8000, header: 14_000, claims: 24_000 },
  { algorithm: 'ES256', text: 10_000, header: 6000, claims: 10_000 },
  { algorithm: 'EdDSA', text: 8000, header: 3000, claims: 5000 },
  { algorithm: 'RS256', text: 5500, header: 250, claims: 250 },
  { algorithm: 'PS256', text: 5500, header: 250, claims: 250 },
]

interface Outcome {
  /** The claims as JSON, when the token is accepted. */
  readonly accepted: string | null
  readonly code: string
  readonly reason: string
}

function judgeHere({ verifyNow }: Verifier, token: string): Outcome {
  try {
    return { accepted: JSON.stringify(verifyNow(token)), code: '', reason: '' }
  } catch (error) {
    if (!(error instanceof TokenError)) throw error
    return { accepted: null, code: error.code, reason: error.detail }
  }
}

async function judgeJose(forge: TokenForge, key: KeyObject, token: string): Promise<Outcome> {
  const { issuer, audience } = forge.options
  const names = forge.algorithm === 'EdDSA' ? ['EdDSA', 'Ed25519'] : [forge.algorithm]
  try {
    const { payload } = await jwtVerify(token, selectKey(forge, key), {
      issuer,
      audience: audience as string,
      algorithms: names,
      typ: 'at+jwt',
      requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'jti'],
      clockTolerance: 5,
      currentDate: new Date(forge.clock.time * 1000),
    })
    return { accepted: JSON.stringify(payload), code: '', reason: '' }
  } catch (error) {
    if (error instanceof errors.JOSEError) return { accepted: null, code: error.code, reason: '' }
    if (error instanceof TypeError) return { accepted: null, code: 'TypeError', reason: '' }
    throw error
  }
}

/** As our key sources do: by `kid` unless there is none, and a secret has no name. */
function selectKey({ algorithm }: TokenForge, key: KeyObject) {
  return ({ kid }: { kid?: string }): KeyObject => {
    if (algorithm === 'HS256' || kid === undefined || kid === 'key-1') return key
    throw new errors.JWKSNoMatchingKey()
  }
}

function* mutants(forge: TokenForge, counts: (typeof plan)[number], random: SeededRandom) {
  const token = forge.token()
  const other = forge.token({ payload: forge.claims({ sub: 'admin' }) })
  for (let i = 0; i < counts.text; i += 1) yield mutateText(token, other, random)
  for (let i = 0; i < counts.header; i += 1) yield mutateHeader(forge, random)
  for (let i = 0; i < counts.claims; i += 1) yield mutateClaims(forge, random)
}

type Table = Map<string, number>

function count(table: Table, row: string): void {
  table.set(row, (table.get(row) ?? 0) + 1)
}

/** The row of the table a token belongs to. What begins with `WRONG` must not be. */
function rowOf(here: Outcome, jose: Outcome): string {
  if (here.accepted !== null && jose.accepted === null)
    return `WRONG: only here, jose: ${jose.code}`
  if (here.accepted !== jose.accepted && jose.accepted !== null && here.accepted !== null) {
    return 'WRONG: other claims'
  }
  if (here.accepted !== null) return 'both accept'
  if (here.code === 'TOKEN_EXPIRED' && jose.code !== 'ERR_JWT_EXPIRED') {
    return `WRONG: expired here, jose: ${jose.code}`
  }
  if (jose.accepted === null) return 'both refuse'
  return reasons.includes(here.reason) ? `stricter: ${here.reason}` : `WRONG: ${here.reason}`
}

test('of 100,000 mutated tokens none is accepted that jose refuses, and the rest differ for named reasons', async () => {
  const random = seededRandom(seed)
  const table: Table = new Map()
  const wrong: string[] = []
  for (const counts of plan) {
    const forge = createForge(counts.algorithm)
    const key = counts.algorithm === 'HS256' ? forge.key : createPublicKey(forge.key)
    const verifier = createVerifier({ ...forge.options, profile: 'jwt' })
    for (const token of mutants(forge, counts, random)) {
      const here = judgeHere(verifier, token)
      const again = judgeHere(verifier, token)
      const row = rowOf(here, await judgeJose(forge, key, token))
      count(table, row)
      if (row.startsWith('WRONG')) wrong.push(`${row} ${counts.algorithm} ${token}`)
      if (again.accepted !== here.accepted) wrong.push(`another answer from memory: ${token}`)
    }
  }
  const rows = [...table].sort(([, a], [, b]) => b - a)
  process.stdout.write(`seed ${seed}\n${rows.map(([row, n]) => `${n}\t${row}`).join('\n')}\n`)
  expect(wrong.slice(0, 5)).toEqual([])
  expect(reasons.filter((reason) => !table.has(`stricter: ${reason}`))).toEqual([])
  expect(rows.reduce((sum, [, n]) => sum + n, 0)).toBe(100_000)
}, 300_000)
