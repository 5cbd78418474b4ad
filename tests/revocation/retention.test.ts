import { expect, test } from 'vitest'
import { revocationSeconds } from '../../packages/auth/src/model/revocation.ts'
import { keptSeconds } from '../../packages/verify/src/revocation/ledger-copy.ts'

test('a verifier reckons with entries that are kept as long as the authority keeps them', () => {
  expect(keptSeconds).toBe(revocationSeconds)
})
