import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { signIn } from '../cli/server-calls.ts'
import { emptyWorkplace } from '../cli/workplace.ts'
import { snippetWith } from './snippets.ts'

vi.setConfig({ testTimeout: 120_000 })

const page = 'docs/guide/from-the-tutorial.md'
const at = emptyWorkplace()
afterAll(() => at.remove())

test('the document of the guide is imported by its commands, and its user signs in', async () => {
  const { text } = snippetWith(page, 'json', '"_id"')
  writeFileSync(join(at.folder, 'users.json'), text)
  const commands = snippetWith(page, 'sh', '--dry-run').text.trimEnd().split('\n')
  expect(commands).toHaveLength(3)
  for (const command of commands) {
    const args = command.replace('npx countersign ', '').split(' ')
    expect(await at.run(args)).toMatchObject({ code: 0 })
  }
  const url = await at.serve()
  const answer = await signIn(url, 'ada@example.com', 'correct horse battery staple')
  expect(answer.status).toBe(200)
  expect(await at.json(['users', 'show', 'ada'])).toMatchObject({
    user: { email: 'ada@example.com', username: 'ada', createdAt: '2024-01-02T03:04:05Z' },
  })
})
