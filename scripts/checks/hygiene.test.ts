import { expect, test } from 'vitest'
import { fileProblems } from './hygiene.ts'

const privateKey = `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n-----END PRIVATE KEY-----`

test.each([
  ['const folder = "/work/main"', 'names a path of one machine'],
  ['cd /root/project', 'names a path of one machine'],
  ['see /home/somebody/notes', 'names a path of one machine'],
  ["open('/tmp/x')", 'names a path of one machine'],
  ['// TODO: later', 'leaves something undone'],
  ['// FIXME', 'leaves something undone'],
  ["test.only('one', () => {})", 'leaves tests out'],
  ["describe.skip('some', () => {})", 'leaves tests out'],
  ["it.todo('later')", 'leaves tests out'],
  [privateKey, 'holds a private key'],
  [JSON.stringify(privateKey), 'holds a private key'],
])('%j is found', (text, problem) => {
  expect(fileProblems({ path: 'src/a.ts', text })).toEqual([`src/a.ts:1: ${problem}`])
})

test.each([
  ['https://example.com/work/a'],
  ['./home/page.ts'],
  ["join(tmpdir(), 'x')"],
  ["test.skipIf(noPostgres)('stores', () => {})"],
  ["expect(text).toContain('-----BEGIN PRIVATE KEY-----')"],
])('%j is fine', (text) => {
  expect(fileProblems({ path: 'src/a.ts', text })).toEqual([])
})

test('a page may speak of tests that are left out', () => {
  expect(fileProblems({ path: 'docs/a.md', text: 'Never commit `test.only`.' })).toEqual([])
})

test('a problem is given with its line', () => {
  const problems = fileProblems({ path: 'a.md', text: 'one\ntwo\nTODO three\n' })
  expect(problems).toEqual(['a.md:3: leaves something undone'])
})

test.each(['.env', '.env.production', 'keys/server.pem', 'tls.key', 'data.db', '.ssh/id_ed25519'])(
  '%s has no place here',
  (path) => {
    expect(fileProblems({ path, text: '' })).toEqual([
      `${path}: looks like a secret or somebody's data`,
    ])
  },
)

test.each(['.env.example', 'src/keys/key.ts', 'src/token-key.ts', 'docs/environment.md'])(
  '%s may be here',
  (path) => {
    expect(fileProblems({ path, text: '' })).toEqual([])
  },
)
