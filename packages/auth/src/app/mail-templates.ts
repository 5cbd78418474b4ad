import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartupError } from '../base/startup-error.ts'
import { unknownNames } from '../mail/render.ts'
import { builtInTemplates, type MailTemplate, type MailTemplates } from '../mail/templates.ts'
import type { MailKind } from '../model/mail.ts'

/** Templates of one's own, by kind. What is not given is as built in. */
export type OwnMailTemplates = Partial<Record<MailKind, MailTemplate>>

const kinds = Object.keys(builtInTemplates) as MailKind[]
const everywhere = ['site', 'issuer']

/**
 * The templates to use: those of a folder or of an object, and for the rest those built in.
 *
 * In a folder, `<kind>.txt` has `Subject: …` in its first line, then an empty one, then the text;
 * `<kind>.html` beside it is optional.
 *
 * @throws {StartupError} With everything that is wrong with them.
 */
export function openMailTemplates(own: string | OwnMailTemplates | undefined): MailTemplates {
  if (own === undefined) return builtInTemplates
  const given = typeof own === 'string' ? readFolder(own) : own
  const problems = Object.entries(given).flatMap(([kind, template]) => problemsOf(kind, template))
  if (problems.length > 0) throw new StartupError(problems)
  return { ...builtInTemplates, ...given }
}

function problemsOf(kind: string, template: MailTemplate): string[] {
  const builtIn = builtInTemplates[kind as MailKind]
  if (!builtIn) return [`MAIL_TEMPLATES: there is no mail ${kind}. There are: ${kinds.join(', ')}.`]
  const known = [...namesIn(builtIn), ...everywhere, ...(hasLink(builtIn) ? ['token'] : [])]
  const unknown = unknownNames(template, known).map(
    (name) =>
      `MAIL_TEMPLATES: ${kind} names {{${name}}}. It may name: ${[...new Set(known)].join(', ')}.`,
  )
  const { link, token } = { link: '{{link}}', token: '{{token}}' }
  const isUseless =
    hasLink(builtIn) && !template.text.includes(link) && !template.text.includes(token)
  return isUseless ? [...unknown, `MAIL_TEMPLATES: ${kind} needs {{link}} in its text.`] : unknown
}

function namesIn(template: MailTemplate): string[] {
  return unknownNames(template, [])
}

function hasLink({ text }: MailTemplate): boolean {
  return text.includes('{{link}}')
}

function readFolder(folder: string): OwnMailTemplates {
  const names = listFolder(folder)
  const texts = names.filter((name) => name.endsWith('.txt'))
  if (texts.length === 0) throw new StartupError([`MAIL_TEMPLATES: ${folder} holds no .txt file.`])
  return Object.fromEntries(
    texts.map((name) => {
      const kind = name.slice(0, -'.txt'.length)
      const html = names.includes(`${kind}.html`) ? read(folder, `${kind}.html`) : undefined
      return [kind, parseTemplate(name, read(folder, name), html)]
    }),
  )
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    throw new StartupError([`MAIL_TEMPLATES: the folder ${folder} cannot be read.`])
  }
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n')
}

function parseTemplate(name: string, content: string, html: string | undefined): MailTemplate {
  const [, subject, text] = /^Subject: (.+)\n\n([\s\S]+)$/.exec(content) ?? []
  if (subject && text) return { subject, text, ...(html !== undefined && { html }) }
  throw new StartupError([
    `MAIL_TEMPLATES: ${name} must begin with a line "Subject: …" and an empty line.`,
  ])
}
