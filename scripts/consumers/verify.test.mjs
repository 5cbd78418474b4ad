// `@countersign/verify` as it is published, on whatever Node runs this: 20 and later.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
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
