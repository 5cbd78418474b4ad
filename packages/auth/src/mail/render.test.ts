import { expect, test } from 'vitest'
import { renderMail, unknownNames } from './render.ts'
import { builtInTemplates } from './templates.ts'

test('values are put where their names are', () => {
  const template = { subject: 'At {{site}}', text: 'Hello {{who}}' }
  expect(renderMail(template, { site: 'Shop', who: 'you' })).toMatchObject({
    subject: 'At Shop',
    text: 'Hello you\n',
  })
})

test('in HTML values are text, whatever they hold', () => {
  const hostile = `<img src=x onerror="alert(1)"> & '`
  const own = { subject: 's', text: 't', html: '<p title="{{x}}">{{x}}</p>' }
  const { html } = renderMail(own, { x: hostile })
  expect(html).not.toContain('<img')
  expect(html).not.toContain('onerror="')
  const made = renderMail({ subject: 's', text: '{{x}}' }, { x: hostile })
  expect(made.html).not.toContain('<img')
})

test('a value cannot name another one', () => {
  const template = { subject: 's', text: '{{x}}' }
  expect(renderMail(template, { x: '{{link}}', link: 'secret' }).text).toBe('{{link}}\n')
})

test('a subject stays one line', () => {
  const { subject } = renderMail({ subject: 'a {{x}}', text: 't' }, { x: 'b\r\nBcc: eve@x.com' })
  expect(subject).toBe('a b Bcc: eve@x.com')
})

test('a name without a value is an error, not an empty place', () => {
  expect(() => renderMail({ subject: 's', text: '{{x}}' }, {})).toThrow(TypeError)
})

test('a link on a line of its own becomes a button, and stays readable', () => {
  const link = 'https://auth.example.com/p#token=a&b'
  const { text, html } = renderMail({ subject: 's', text: 'Open:\n\n{{link}}' }, { link })
  expect(text).toContain(link)
  expect(html).toContain('href="https://auth.example.com/p#token=a&amp;b"')
})

test('no built-in template holds what somebody typed into a form', () => {
  const allowed = ['site', 'issuer', 'link', 'hours', 'minutes', 'device', 'time', 'newEmail']
  for (const template of Object.values(builtInTemplates)) {
    expect(unknownNames(template, allowed)).toEqual([])
  }
})
