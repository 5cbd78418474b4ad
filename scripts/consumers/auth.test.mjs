// `countersign` as it is published, on the Node it asks for.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { createAuth } from 'countersign'
import { entriesOf } from './entries.mjs'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const require = createRequire(import.meta.url)

for (const entry of entriesOf('countersign')) {
  test(`${entry} can be imported`, async () => {
    assert.notEqual(Object.keys(await import(entry)).length, 0)
  })

  test(`${entry} can be required, and is the same module`, async () => {
    assert.deepEqual(Object.keys(require(entry)), Object.keys(await import(entry)))
  })
}

test('a user registers, and the access token is good', async () => {
  const auth = await createAuth({ database: 'sqlite::memory:', ports: { log: silent } })
  try {
    const answer = await auth.handler(
      new Request('http://localhost:4000/api/auth/register', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          email: 'ada@example.com',
          password: 'a long enough sentence',
          transport: 'body',
        }),
      }),
    )
    assert.equal(answer.status, 201)
    const { accessToken, user } = await answer.json()
    assert.equal((await auth.verifier.verify(accessToken)).sub, user.id)
  } finally {
    await auth.close()
  }
})

test('the command says its version', () => {
  const folder = join(import.meta.dirname, 'node_modules', 'countersign')
  const { version, bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const { stdout } = spawnSync(process.execPath, [join(folder, bin.countersign), '--version'])
  assert.equal(stdout.toString().trim(), version)
})
