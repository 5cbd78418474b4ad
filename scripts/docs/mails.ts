import { renderMail } from '../../packages/auth/src/mail/render.ts'
import { builtInTemplates } from '../../packages/auth/src/mail/templates.ts'

const secret = 'wYpQy3oWz1m0T5rN7cVb2kLx8JhGd4sFaEqU6iRtXzM'

/** Values as a real mail has them. */
const sampleValues: Readonly<Record<string, string>> = {
  site: 'shop.example.com',
  issuer: 'https://shop.example.com',
  link: `https://shop.example.com/api/auth/pages/reset-password#token=${secret}`,
  token: secret,
  hours: '24',
  minutes: '60',
  newEmail: 'ada@example.org',
  device: 'Firefox on Windows',
  time: '2027-01-15 08:00 UTC',
}

/** Every mail as its reader gets it. */
export function renderedMails(): string {
  return Object.entries(builtInTemplates)
    .map(([kind, template]) => {
      const { subject, text } = renderMail(template, sampleValues)
      return `#### \`${kind}\`\n\n\`\`\`text\nSubject: ${subject}\n\n${text}\`\`\``
    })
    .join('\n\n')
}
