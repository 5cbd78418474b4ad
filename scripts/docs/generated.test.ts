import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../setup/run.mjs'
import { commands } from './commands.ts'
import { generatedPages, regenerate } from './generated.ts'

test.each(generatedPages)('%s says what the source says', (path) => {
  const { present, wanted } = regenerate(path)
  expect(present, 'out of date: run `npm run docs`').toBe(wanted)
})

test.each(generatedPages)('%s has a part that is generated', (path) => {
  expect(regenerate(path).present).toMatch(/^<!-- generated: \w+ -->$/m)
})

test('the documented commands are those of the program', () => {
  const main = join(root, 'packages', 'auth', 'src', 'cli', 'main.ts')
  const args = ['--conditions=@countersign/source', main, '--help']
  const help = spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout
  const [, list = ''] = help.split('Commands:\n')
  const names = [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name)
  expect(commands().map((command) => command.name())).toEqual(names)
})
