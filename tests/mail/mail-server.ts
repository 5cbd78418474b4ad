import { getCACertificates, rootCertificates, setDefaultCACertificates } from 'node:tls'
import { type HeaderValue, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { selfSigned } from '../../packages/auth/src/testing/self-signed.ts'

/** A mail as a mail server got it. */
export interface ReceivedMail {
  readonly to: readonly string[]
  readonly from: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly messageId: string
  readonly headers: Readonly<Record<string, string>>
  readonly isEncrypted: boolean
  readonly user: string | null
}

/** A mail server on loopback. */
export interface MailServer {
  readonly port: number
  readonly mails: readonly ReceivedMail[]
  /** Runs something with this server's certificate among those that are trusted. */
  trusted<Result>(work: () => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

let serial = 0

/**
 * Starts one. It offers STARTTLS with a certificate of its own.
 *
 * @param options.answers What it says to `RCPT TO`, by address; 250 to all others.
 */
export async function startMailServer(
  options: {
    readonly port?: number
    readonly user?: string
    readonly password?: string
    readonly answers?: Readonly<Record<string, number>>
  } = {},
): Promise<MailServer> {
  const { user, password, answers = {} } = options
  serial = (serial % 126) + 1
  const { certificate, key } = selfSigned(serial)
  const mails: ReceivedMail[] = []
  const server = new SMTPServer({
    cert: certificate,
    key,
    authOptional: user === undefined,
    disableReverseLookup: true,
    onAuth(auth, _session, done) {
      const isRight = auth.username === user && auth.password === password
      done(isRight ? null : new Error('wrong'), isRight ? { user: auth.username } : undefined)
    },
    onRcptTo({ address }, _session, done) {
      const responseCode = answers[address]
      done(responseCode === undefined ? null : Object.assign(new Error('no'), { responseCode }))
    },
    onData(stream, session, done) {
      simpleParser(stream).then((parsed) => {
        mails.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          from: parsed.from?.text ?? '',
          subject: parsed.subject ?? '',
          text: parsed.text ?? '',
          html: parsed.html || '',
          messageId: parsed.messageId ?? '',
          headers: Object.fromEntries(
            [...parsed.headers].map(([name, value]) => [name, textOf(value)]),
          ),
          isEncrypted: session.secure,
          user: (session.user as string | undefined) ?? null,
        })
        done(null)
      }, done)
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const address = server.server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    mails,
    async trusted(work) {
      const before = getCACertificates('default')
      setDefaultCACertificates([...rootCertificates, certificate])
      try {
        return await work()
      } finally {
        setDefaultCACertificates(before)
      }
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Of a header: as it was written, or as it was understood. */
function textOf(value: HeaderValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
