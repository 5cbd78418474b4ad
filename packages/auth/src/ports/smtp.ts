import { createTransport } from 'nodemailer'
import { MailRefused, type SendMail } from './mail.ts'

const connectMs = 10_000
const silenceMs = 30_000

/**
 * Sends mail by SMTP, over TLS: from the first byte with `smtps:`, by STARTTLS with `smtp:`, and
 * not at all where a server offers none, unless it is on this machine.
 *
 * @param options.url `smtp://user:password@host:587` or `smtps://…:465`.
 * @param options.from The sender: an address, or a name and an address.
 */
export function smtpMail(options: { readonly url: string; readonly from: string }): SendMail {
  const transport = openTransport(options.url)
  return async ({ to, subject, text, html, messageId }) => {
    try {
      await transport.sendMail({
        from: options.from,
        to: { name: '', address: to },
        subject,
        text,
        html,
        messageId: `<${messageId}>`,
        // Nobody's holiday note is to answer (RFC 3834 §5).
        headers: { 'Auto-Submitted': 'auto-generated' },
      })
    } catch (error) {
      throw isRefusal(error) ? new MailRefused(`the mail server refused: ${reply(error)}`) : error
    }
  }
}

/**
 * Connects to a mail server, goes on with TLS and signs in, as before a mail.
 *
 * @throws {Error} What does not work of it.
 */
export async function checkSmtp(url: string): Promise<void> {
  const transport = openTransport(url)
  try {
    await transport.verify()
  } finally {
    transport.close()
  }
}

function openTransport(text: string) {
  const url = new URL(text)
  return createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port !== '' && { port: Number(url.port) }),
    secure: url.protocol === 'smtps:',
    requireTLS: url.protocol === 'smtp:' && !isLoopback(url.hostname),
    ...(url.username !== '' && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: silenceMs,
    // What a mail says is ours: nothing is read from disk or fetched on behalf of its text.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

interface SmtpFailure {
  readonly responseCode: number
  readonly command: string
}

function isFailure(error: unknown): error is SmtpFailure {
  return error instanceof Error && 'responseCode' in error && 'command' in error
}

// RFC 5321 §4.2.1: 5yz is for good. Of the greeting, of AUTH and of STARTTLS it is a matter of
// configuration, which may be mended.
function isRefusal(error: unknown): boolean {
  return (
    isFailure(error) &&
    error.responseCode >= 500 &&
    ['RCPT TO', 'DATA', 'MAIL FROM'].includes(error.command)
  )
}

function reply(error: unknown): string {
  return isFailure(error) ? `${error.responseCode} to ${error.command}` : 'unknown'
}

function isLoopback(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}
