import type { KeySource } from '../keys/key-source.ts'
import type { RevocationSource } from '../revocation/revocation-source.ts'
import type { ClaimRules } from './claim-rules.ts'
import { type Clock, systemClock } from './clock.ts'
import { type HeaderRules, toMediaType } from './header.ts'
import { openKeySource } from './verifier-key-source.ts'
import type { VerifierOptions } from './verifier-options.ts'

/** Options that have been checked, copied, and have nothing left open. */
export interface VerifierSettings {
  readonly keys: KeySource
  readonly headerRules: HeaderRules
  readonly claimRules: ClaimRules
  readonly cacheSize: number
  readonly clock: Clock
  readonly revocation: RevocationSource | null
}

const names: ReadonlySet<string> = new Set<keyof VerifierOptions>([
  'issuer',
  'audience',
  'keys',
  'jwks',
  'jwksUri',
  'secret',
  'profile',
  'typ',
  'requiredClaims',
  'revocation',
  'clockToleranceSeconds',
  'maxLifetimeSeconds',
  'cacheSize',
  'clock',
])

/**
 * Checks the options, opens the key source and fills in the defaults.
 *
 * @throws {TypeError} Names every option that is wrong, missing or unknown.
 */
export function checkVerifierOptions(options: VerifierOptions): VerifierSettings {
  const filled = fillIn(options)
  const keys = openKeySource(options)
  const problems = [...problemsOf(filled), ...problemsOfProfile(options)]
  if (typeof keys === 'string') problems.push(keys)
  if (problems.length > 0 || typeof keys === 'string') {
    throw new TypeError(`createVerifier: ${problems.join('; ')}.`)
  }
  return toSettings(filled, keys)
}

type FilledOptions = VerifierOptions &
  Required<Omit<VerifierOptions, 'keys' | 'jwks' | 'jwksUri' | 'secret' | 'revocation'>>

function fillIn(options: VerifierOptions): FilledOptions {
  const { profile = 'countersign', typ = 'at+jwt', requiredClaims = ['jti'] } = options
  const { clockToleranceSeconds = 5, cacheSize = 20_000, clock = systemClock } = options
  const { maxLifetimeSeconds = profile === 'jwt' ? 86_400 : 3600 } = options
  return {
    ...options,
    profile,
    typ,
    requiredClaims,
    clockToleranceSeconds,
    maxLifetimeSeconds,
    cacheSize,
    clock,
  }
}

function problemsOf(options: FilledOptions): string[] {
  const { issuer, audience, typ, requiredClaims, clock, revocation } = options
  return [
    ...Object.keys(options).flatMap((name) => (names.has(name) ? [] : `${name} is no option`)),
    ...unless(isText(issuer), 'issuer must be text'),
    ...unless(
      isText(audience) || (isTextList(audience) && audience.length > 0),
      'audience must be text or a list of it',
    ),
    ...unless(typ === null || isText(typ), 'typ must be text or null'),
    ...unless(isTextList(requiredClaims), 'requiredClaims must be a list of names'),
    ...unless(isClock(clock), 'clock must have a function now'),
    ...unless(
      revocation === undefined || isSource(revocation),
      'revocation must be made by revocationFeed, or come from the authority',
    ),
    ...rangeProblem('clockToleranceSeconds', options.clockToleranceSeconds, 0, 60),
    ...rangeProblem('maxLifetimeSeconds', options.maxLifetimeSeconds, 1, 2_592_000),
    ...rangeProblem('cacheSize', options.cacheSize, 0, 1_000_000),
  ]
}

/** Our own tokens have one form: what is open for others is not open for them. */
function problemsOfProfile({ profile, typ, requiredClaims }: VerifierOptions): string[] {
  if (profile === 'jwt') return []
  return [
    ...unless(
      profile === undefined || profile === 'countersign',
      "profile must be 'countersign' or 'jwt'",
    ),
    ...unless(typ === undefined, "typ needs profile 'jwt'"),
    ...unless(requiredClaims === undefined, "requiredClaims needs profile 'jwt'"),
  ]
}

function toSettings(options: FilledOptions, keys: KeySource): VerifierSettings {
  const { profile, typ, audience, cacheSize, clock } = options
  return {
    keys,
    headerRules: {
      mediaType: typ === null ? null : toMediaType(typ),
      isClosed: profile === 'countersign',
    },
    claimRules: {
      issuer: options.issuer,
      audiences: typeof audience === 'string' ? [audience] : [...audience],
      required: [...options.requiredClaims],
      maxLifetimeSeconds: options.maxLifetimeSeconds,
      clockToleranceSeconds: options.clockToleranceSeconds,
    },
    cacheSize,
    clock,
    revocation: options.revocation ?? null,
  }
}

function unless(holds: boolean, problem: string): string[] {
  return holds ? [] : [problem]
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText)
}

function isSource(value: unknown): value is RevocationSource {
  return typeof value === 'object' && value !== null && 'isRevoked' in value
}

function isClock(value: unknown): value is Clock {
  return (
    typeof value === 'object' && value !== null && 'now' in value && typeof value.now === 'function'
  )
}

function rangeProblem(name: string, value: number, min: number, max: number): string[] {
  const fits = Number.isInteger(value) && value >= min && value <= max
  return unless(fits, `${name} must be a whole number from ${min} to ${max}`)
}
