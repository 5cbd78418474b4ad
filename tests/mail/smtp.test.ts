import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { silentLogger } from '../../packages/auth/src/ports/logger.ts'
import { loggedMail, type Mail, MailRefused } from '../../packages/auth/src/ports/mail.ts'
import { checkSmtp, smtpMail } from '../../packages/auth/src/ports/smtp.ts'
import { type Authority, openAuthority } from '../http/authority.ts'
import { signUp } from '../http/people.ts'
import { type MailServer, startMailServer } from './mail-server.ts'

// Over a real mail server on loopback.

const mail: Mail = {
  to: 'ada@example.com',
  subject: 'Grüße',
  text: 'Hello\n',
  html: '<p>Hello</p>',
  messageId: 'mail_1@auth.example.com',
}
const from = 'Shop <no-reply@example.com>'

let servers: MailServer[] = []
let authorities: Authority[] = []
afterEach(async () => {
  const opened = [...authorities, ...servers]
  servers = []
  authorities = []
  for (const each of opened) await each.close()
})

async function givenServer(options: Parameters<typeof startMailServer>[0] = {}) {
  const server = await startMailServer(options)
  servers.push(server)
  return server
}

describe('handing in a mail', () => {
  test('it arrives with its words, its sender and its id, over STARTTLS and with a login', async () => {
    const server = await givenServer({ user: 'shop', password: 'p@ss word' })
    await server.trusted(() =>
      smtpMail({ url: `smtp://shop:p%40ss%20word@localhost:${server.port}`, from })(mail),
    )
    const [received] = server.mails
    expect(received).toMatchObject({
      to: ['ada@example.com'],
      from: '"Shop" <no-reply@example.com>',
      subject: 'Grüße',
      text: 'Hello\n',
      messageId: '<mail_1@auth.example.com>',
      isEncrypted: true,
      user: 'shop',
    })
    expect(received?.html).toContain('<p>Hello</p>')
    expect(received?.headers['auto-submitted']).toBe('auto-generated')
  })

  test('to a server whose certificate nobody vouches for, nothing is handed in', async () => {
    const server = await givenServer({ user: 'shop', password: 'secret' })
    const sending = smtpMail({ url: `smtp://shop:secret@localhost:${server.port}`, from })(mail)
    await expect(sending).rejects.toThrow(/self.signed|certificate/i)
    expect(server.mails).toEqual([])
  })

  test('an address that the server refuses for good is refused, one that it puts off is not', async () => {
    const server = await givenServer({
      answers: { 'gone@example.com': 550, 'later@example.com': 450 },
    })
    const send = smtpMail({ url: `smtp://localhost:${server.port}`, from })
    const to = (address: string) => server.trusted(() => send({ ...mail, to: address }))
    await expect(to('gone@example.com')).rejects.toThrow(MailRefused)
    await expect(to('later@example.com')).rejects.not.toThrow(MailRefused)
    await expect(to('later@example.com')).rejects.toThrow()
  })

  test('a wrong login is no refusal of the mail: it may be mended', async () => {
    const server = await givenServer({ user: 'shop', password: 'secret' })
    const send = smtpMail({ url: `smtp://shop:wrong@localhost:${server.port}`, from })
    const error = await server.trusted(() => send(mail)).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(MailRefused)
  })

  test('the check of a mail server goes as far as the login, and hands nothing in', async () => {
    const server = await givenServer({ user: 'shop', password: 'secret' })
    const check = (password: string) =>
      server.trusted(() => checkSmtp(`smtp://shop:${password}@localhost:${server.port}`))
    await check('secret')
    await expect(check('wrong')).rejects.toThrow(/Invalid login|535/)
    await expect(checkSmtp('smtp://127.0.0.1:9')).rejects.toThrow(/ECONNREFUSED/)
    expect(server.mails).toEqual([])
  })

  test('two lines in a subject or an address do not make two headers', async () => {
    const server = await givenServer()
    const send = smtpMail({ url: `smtp://localhost:${server.port}`, from })
    await server.trusted(() => send({ ...mail, subject: 'One\r\nBcc: eve@example.com' }))
    expect(server.mails[0]?.headers['bcc']).toBeUndefined()
    expect(server.mails[0]?.to).toEqual(['ada@example.com'])
  })
})

describe('a mail server that is in trouble', () => {
  /** An authority whose mail goes to a port of loopback. */
  async function givenAuthority(port: number): Promise<Authority> {
    const sendBy = smtpMail({ url: `smtp://localhost:${port}`, from })
    const authority = await openAuthority({ sendBy })
    authorities.push(authority)
    return authority
  }

  const listen = (server: Server) =>
    new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address ? address.port : 0)
      })
    })

  test('gone for an hour loses nothing and slows nobody', async () => {
    const probe = createServer()
    const port = await listen(probe)
    await new Promise((resolve) => probe.close(resolve))

    const authority = await givenAuthority(port)
    const started = performance.now()
    const ada = await signUp(authority.from())
    expect(performance.now() - started).toBeLessThan(1000)
    for (let minute = 0; minute < 60; minute++) {
      await authority.deps.mailer?.run()
      authority.clock.advance(60)
    }
    expect((await authority.deps.stores.outbox.waiting()).count).toBe(1)
    expect(authority.logLines.join('\n')).toContain('mail.postponed')
    expect(authority.logLines.join('\n')).not.toContain(ada.email)

    const server = await givenServer({ port })
    authority.clock.advance(3600)
    await server.trusted(async () => authority.deps.mailer?.run())
    expect(server.mails.map(({ to }) => to)).toEqual([[ada.email]])
    expect((await authority.deps.stores.outbox.waiting()).count).toBe(0)
    const token = /#token=(\S+)/.exec(server.mails[0]?.text ?? '')?.[1] ?? ''
    authority.vault.add(token)
    // The hour counts from when it was sent.
    const verified = await authority.from()('POST /email/verify', { body: { token } })
    expect(verified.status).toBe(204)
  }, 60_000)

  test('one that accepts slowly holds up no request', async () => {
    const sockets = new Set<{ destroy(): void }>()
    const silent = createServer((socket) => sockets.add(socket.on('error', () => {})))
    const port = await listen(silent)
    const authority = await givenAuthority(port)
    const started = performance.now()
    await signUp(authority.from())
    await signUp(authority.from())
    expect(performance.now() - started).toBeLessThan(2000)
    const sending = authority.deps.mailer?.run()
    const meanwhile = await authority.from()('POST /password/forgot', {
      body: { email: 'nobody@example.com' },
    })
    expect(meanwhile.status).toBe(202)
    for (const socket of sockets) socket.destroy()
    await sending
    silent.close()
    // Nobody has the third address: nothing was to be sent.
    expect((await authority.deps.stores.outbox.waiting()).count).toBe(2)
  }, 30_000)

  test('an address that it refuses for good is given up, and the log says so without it', async () => {
    const server = await givenServer({ answers: { 'person@gone.example': 550 } })
    const authority = await givenAuthority(server.port)
    await signUp(authority.from(), { email: 'person@gone.example' })
    await server.trusted(async () => authority.deps.mailer?.run())
    expect((await authority.deps.stores.outbox.waiting()).count).toBe(0)
    const log = authority.logLines.join('\n')
    expect(log).toContain('mail.given_up')
    expect(log).not.toContain('gone.example')
  })
})

test('the log is the only way mail takes without a server in development', async () => {
  const lines: object[] = []
  await loggedMail({ ...silentLogger, info: (fields) => lines.push(fields) })(mail)
  expect(lines).toEqual([
    { event: 'mail.not_sent', to: mail.to, subject: mail.subject, text: ['Hello', ''] },
  ])
})
