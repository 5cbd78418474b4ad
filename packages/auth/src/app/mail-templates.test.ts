import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StartupError } from '../base/startup-error.ts'
import { builtInTemplates } from '../mail/templates.ts'
import { openMailTemplates } from './mail-templates.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (name: string, content: string) => writeFileSync(join(folder, name), content)

function problems(own: Parameters<typeof openMailTemplates>[0]): readonly string[] {
  try {
    openMailTemplates(own)
    return []
  } catch (error) {
    if (error instanceof StartupError) return error.problems
    throw error
  }
}

test('without any, the built-in ones are used', () => {
  expect(openMailTemplates(undefined)).toBe(builtInTemplates)
})

test('a folder replaces the ones it holds, HTML included, whatever its line ends are', () => {
  write('reset_password.txt', 'Subject: Neues Passwort für {{site}}\r\n\r\nHier: {{link}}\r\n')
  write('reset_password.html', '<a href="{{link}}">Hier</a>')
  const templates = openMailTemplates(folder)
  expect(templates.reset_password).toEqual({
    subject: 'Neues Passwort für {{site}}',
    text: 'Hier: {{link}}\n',
    html: '<a href="{{link}}">Hier</a>',
  })
  expect(templates.verify_email).toBe(builtInTemplates.verify_email)
})

test('a link of one’s own may be made from the token', () => {
  const own = { subject: 's', text: 'https://shop.example/reset#{{token}}' }
  expect(problems({ reset_password: own })).toEqual([])
})

test('what is wrong with templates is said before the start, all of it', () => {
  write('reset_password.txt', 'Subject: s\n\nHello {{name}}')
  write('welcome.txt', 'Subject: s\n\nHello')
  expect(problems(folder)).toEqual([
    expect.stringContaining('reset_password names {{name}}. It may name: '),
    expect.stringContaining('reset_password needs {{link}} in its text'),
    expect.stringContaining('there is no mail welcome. There are: verify_email,'),
  ])
})

test.each([
  ['without a subject', 'Hello', 'must begin with a line'],
  ['without a text', 'Subject: s\n\n', 'must begin with a line'],
])('a file %s is refused', (_, content, reason) => {
  write('reset_password.txt', content)
  expect(problems(folder)).toEqual([expect.stringContaining(reason)])
})

test('a folder that is empty or not there is refused', () => {
  expect(problems(folder)).toEqual([expect.stringContaining('holds no .txt file')])
  expect(problems(join(folder, 'none'))).toEqual([expect.stringContaining('cannot be read')])
})
