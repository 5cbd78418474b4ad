import { createVerifier } from '../token/create-verifier.ts'
import type { Verifier } from '../token/verifier.ts'
import type { VerifierOptions } from '../token/verifier-options.ts'

/** What a guard takes its verifier from: a verifier to share, or the options to make one. */
export type VerifierSource = Verifier | VerifierOptions

/** @throws {TypeError} as `createVerifier` does. */
export function openVerifier(source: VerifierSource): Verifier {
  return 'verifyNow' in source ? source : createVerifier(source)
}
