import { execFile } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runTool } from '../../scripts/setup/run.mjs'
import { type Example, root, startExample } from './run-example.ts'
import { createSnippetFolder, snippetsOf, snippetWith } from './snippets.ts'

const guide = readdirSync(join(root, 'docs/guide')).map((name) => `docs/guide/${name}`)
const pages = ['README.md', 'packages/auth/README.md', 'packages/verify/README.md', ...guide]

const folder = createSnippetFolder()

test('every TypeScript snippet passes the type check', async () => {
  const snippets = pages.flatMap(snippetsOf).filter(({ language }) => language === 'ts')
  const files = snippets.map((snippet) => folder.write(snippet))
  const project = join(folder.path, 'tsconfig.json')
  writeFileSync(project, JSON.stringify({ extends: join(root, 'tsconfig.json'), files }))
  const { output } = await runTool(process.execPath, 'typescript', ['-p', project], { tool: 'tsc' })
  expect(output).toBe('')
  expect(snippets.length).toBeGreaterThan(15)
}, 60_000)

describe('the first steps of the README', () => {
  let server: Example

  beforeAll(async () => {
    server = await startExample('packages/auth/src/cli/main.ts', { args: ['serve'] })
  })

  afterAll(() => server?.stop())

  test('end with the profile of who registered', async () => {
    const { text } = snippetWith('README.md', 'sh', 'TOKEN=')
    const commands = text.replaceAll('http://localhost:4000', server.url)
    const { stdout } = await promisify(execFile)('sh', ['-c', commands])
    const [registered, profile] = stdout.replace('}{', '}\n{').split('\n')
    expect(JSON.parse(registered ?? '')).toMatchObject({ user: { email: 'ada@example.com' } })
    expect(JSON.parse(profile ?? '')).toMatchObject({ user: { email: 'ada@example.com' } })
  })
})

describe('the protected route of the README', () => {
  let app: Example

  beforeAll(async () => {
    const snippet = snippetWith('README.md', 'ts', 'mount(auth)')
    const path = folder.write(snippet, `app.listen(process.env['PORT'])\n`)
    app = await startExample(relative(root, path))
  })

  afterAll(() => app?.stop())

  test('is closed to strangers and open to who registered', async () => {
    const registered = await fetch(`${app.url}/api/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ada@example.com', password: 'correct horse battery' }),
    })
    const { accessToken, user } = (await registered.json()) as {
      accessToken: string
      user: { id: string }
    }
    const stranger = await fetch(`${app.url}/orders`)
    const headers = { authorization: `Bearer ${accessToken}` }
    const answer = await fetch(`${app.url}/orders`, { headers })
    expect([stranger.status, await answer.json()]).toEqual([401, { of: user.id }])
  })
})
