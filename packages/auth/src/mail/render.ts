import type { MailTemplate } from './templates.ts'

/** Values by name. */
export type MailValues = Readonly<Record<string, string>>

const placeholder = /\{\{(\w+)\}\}/g

/**
 * Fills in a template. In HTML, values are escaped; nothing is executed.
 *
 * @throws {TypeError} The template names a value that there is not.
 */
export function renderMail(
  template: MailTemplate,
  values: MailValues,
): { subject: string; text: string; html: string } {
  const text = fill(template.text, values, asIs)
  return {
    // A header has one line (RFC 5322 §2.2).
    subject: fill(template.subject, values, asIs).replace(/\s+/g, ' ').trim(),
    text: text.endsWith('\n') ? text : `${text}\n`,
    html: template.html === undefined ? toHtml(text) : fill(template.html, values, escapeHtml),
  }
}

/** Names that a template uses and `known` does not hold. */
export function unknownNames(template: MailTemplate, known: readonly string[]): string[] {
  const { subject, text, html = '' } = template
  const used = [...`${subject}${text}${html}`.matchAll(placeholder)].map(([, name = '']) => name)
  return [...new Set(used)].filter((name) => !known.includes(name))
}

function fill(text: string, values: MailValues, spell: (value: string) => string): string {
  return text.replace(placeholder, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new TypeError(`a mail template names {{${name}}}`)
    return spell(value)
  })
}

function asIs(value: string): string {
  return value
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

const pageStyle =
  'margin:0;padding:24px;background:#f4f5f7;color:#1c2430;' +
  'font:16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,sans-serif'
const cardStyle = 'max-width:560px;margin:0 auto;padding:28px;background:#fff;border-radius:8px'
const buttonStyle =
  'display:inline-block;padding:12px 20px;background:#1c4fd8;color:#fff;border-radius:6px;' +
  'text-decoration:none;font-weight:600'

/** The same words for readers that show HTML: paragraphs, and a button for a link. */
function toHtml(text: string): string {
  const paragraphs = text
    .trim()
    .split(/\n{2,}/)
    .map(toParagraph)
  return [
    '<!doctype html>',
    '<html><head><meta charset="utf-8"></head>',
    `<body style="${pageStyle}"><div style="${cardStyle}">`,
    ...paragraphs,
    '</div></body></html>',
    '',
  ].join('\n')
}

function toParagraph(text: string): string {
  if (/^https?:\/\/\S+$/.test(text)) {
    const link = escapeHtml(text)
    return (
      `<p><a href="${link}" style="${buttonStyle}">Open the page</a></p>\n` +
      `<p style="color:#5b6675;font-size:13px;word-break:break-all">${link}</p>`
    )
  }
  return `<p>${escapeHtml(text).replaceAll('\n', '<br>\n')}</p>`
}
