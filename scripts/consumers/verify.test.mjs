// `@countersign/verify` as it is published, on whatever Node runs this: 20 and later.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { createVerifier } from '@countersign/verify'
import { createTestIssuer } from '@countersign/verify/testing'
import { entriesOf } from './entries.mjs'

const require = createRequire(import.meta.url)

for (const entry of entriesOf('@countersign/verify')) {
  test(`${entry} can be imported`, async () => {
    assert.notEqual(Object.keys(await import(entry)).length, 0)
  })

  test(`${entry} can be required, and is the same module`, async () => {
    assert.deepEqual(Object.keys(require(entry)), Object.keys(await import(entry)))
  })
}

test('a token is verified, and one that was tampered with is refused', async () => {
  const issuer = createTestIssuer()
  const verifier = createVerifier(issuer.verifierOptions)
  const token = issuer.token({ sub: 'usr_1' })
  assert.equal((await verifier.verify(token)).sub, 'usr_1')
  const tampered = token.replace(/\.(\w)/, (_, first) => `.${first === 'a' ? 'b' : 'a'}`)
  await assert.rejects(verifier.verify(tampered), { code: 'TOKEN_INVALID' })
})
