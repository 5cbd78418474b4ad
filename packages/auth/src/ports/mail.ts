import type { Logger } from './logger.ts'

/** A mail, ready to be sent. */
export interface Mail {
  /** One address. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Tells receivers that two mails are one (RFC 5322 §3.6.4): without angle brackets. */
  readonly messageId: string
}

/**
 * Hands a mail to a mail server.
 *
 * @throws {MailRefused} The server will never take this mail. Any other error may pass.
 */
export type SendMail = (mail: Mail) => Promise<void>

/** A mail server will not take a mail, now or later (a 5xx reply to its addresses or content). */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}

/** For development: what would have been sent is written to the log. */
export function loggedMail(log: Logger): SendMail {
  return async ({ to, subject, text }) => {
    // Lines of their own: a link is to be clicked.
    const fields = { event: 'mail.not_sent', to, subject, text: text.split('\n') }
    log.info(fields, 'mail (SMTP_URL is not set)')
  }
}
