import { checkSmtp } from '../../ports/smtp.ts'
import type { Configuration } from './configuration.ts'
import { errorAbout, type Finding, warningAbout } from './report.ts'

/** Whether the mail server that is named takes mail from here. Sends none. */
export async function mailFindings({ options, settings }: Configuration): Promise<Finding[]> {
  if (!settings) return []
  const { smtpUrl } = options
  if (smtpUrl === undefined) return settings.sendsMail ? [] : [noMail]
  try {
    await checkSmtp(smtpUrl)
    return []
  } catch (error) {
    const { message } = error as Error
    return [errorAbout('SMTP_URL', `The mail server of SMTP_URL does not work: ${message}`)]
  }
}

const noMail: Finding = warningAbout(
  'SMTP_URL',
  'SMTP_URL is not set: nobody can ask for a new password, and nobody is told when theirs is changed.',
)
