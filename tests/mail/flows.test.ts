import { afterEach, describe, expect, test } from 'vitest'
import { type Authority, type AuthorityOptions, openAuthority } from '../http/authority.ts'
import { newCredentials, type Person, signInAs, signUp } from '../http/people.ts'

// What people do with the mail they get, on whichever database this run is for.

let open: Authority[] = []
afterEach(async () => {
  const opened = open
  open = []
  for (const authority of opened) await authority.close()
})

async function given(options: AuthorityOptions = {}): Promise<Authority> {
  const authority = await openAuthority(options)
  open.push(authority)
  return authority
}

/** Signs somebody up, whose first mail has been sent. */
async function givenPerson(authority: Authority, members: object = {}): Promise<Person> {
  const person = await signUp(authority.from(), { ...members })
  await authority.settle()
  return person
}

const required = { emailVerification: 'required' } as const
const newPassword = 'amber-orchard-nineteen'

async function auditTypes({ deps }: Authority, userId: string): Promise<string[]> {
  const events = await deps.stores.audit.list({ userId, limit: 50 })
  return events.map(({ type }) => type).toReversed()
}

describe('a forgotten password', () => {
  test('is replaced by a mailed link, which signs everybody out and works once', async () => {
    const authority = await given()
    const call = authority.from()
    const ada = await givenPerson(authority)
    expect(await call('POST /password/forgot', { body: { email: ada.email } })).toMatchObject({
      status: 202,
      text: '',
    })
    const token = await authority.linkTo(ada.email)
    const body = { token, password: newPassword }
    expect((await call('POST /password/reset', { body })).status).toBe(204)
    expect(await call('POST /password/reset', { body })).toMatchObject({
      status: 400,
      body: { code: 'TOKEN_INVALID' },
    })
    expect((await call('GET /profile', { token: ada.accessToken })).status).toBe(401)
    const { refreshToken } = ada
    expect(await call('POST /refresh', { body: { refreshToken } })).toMatchObject({
      status: 401,
      body: { code: 'SESSION_REVOKED' },
    })
    expect((await call('POST /login', { body: ada })).status).not.toBe(200)
    expect((await authority.mailTo(ada.email)).subject).toContain('has changed')
    const back = await signInAs(call, { email: ada.email, password: newPassword })
    expect(back.user['emailVerified']).toBe(true)
    expect(await auditTypes(authority, ada.id)).toContain('password.reset')
  })

  test('of a link opened twice at once, one sets the password', async () => {
    const authority = await given()
    const ada = await givenPerson(authority)
    await authority.from()('POST /password/forgot', { body: { email: ada.email } })
    const token = await authority.linkTo(ada.email)
    const passwords = Array.from({ length: 10 }, (_, index) => `${newPassword}-${index}`)
    const answers = await Promise.all(
      passwords.map((password) =>
        authority.from()('POST /password/reset', { body: { token, password } }),
      ),
    )
    const statuses = answers.map(({ status }) => status)
    expect(
      statuses.toSorted((a, b) => a - b),
      JSON.stringify(answers.map(({ body }) => body)),
    ).toEqual([204, ...Array.from({ length: 9 }, () => 400)])
    const password = passwords[statuses.indexOf(204)] ?? ''
    await signInAs(authority.from(), { email: ada.email, password })
  })

  test('a password that is refused does not use up the link', async () => {
    const authority = await given()
    const call = authority.from()
    const ada = await givenPerson(authority)
    await call('POST /password/forgot', { body: { email: ada.email } })
    const token = await authority.linkTo(ada.email)
    const weak = await call('POST /password/reset', { body: { token, password: 'aaaaaaaaaaaa' } })
    expect(weak).toMatchObject({ status: 422, body: { code: 'PASSWORD_REJECTED' } })
    const good = await call('POST /password/reset', { body: { token, password: newPassword } })
    expect(good.status).toBe(204)
  })

  test('the link dies after an hour, when the address changes, and when a newer one is sent', async () => {
    const authority = await given()
    const ada = await givenPerson(authority)
    const forgot = () => authority.from()('POST /password/forgot', { body: { email: ada.email } })
    const reset = (token: string) =>
      authority.from()('POST /password/reset', { body: { token, password: newPassword } })

    await forgot()
    const first = await authority.linkTo(ada.email)
    await forgot()
    const second = await authority.linkTo(ada.email)
    expect(second).not.toBe(first)
    expect((await reset(first)).status).toBe(400)
    authority.clock.advance(3600)
    expect((await reset(second)).status).toBe(400)

    await forgot()
    const third = await authority.linkTo(ada.email)
    const moved = { email: 'new@example.com', emailKey: 'new@example.com' }
    await authority.deps.stores.users.update(ada.id, { ...moved, updatedAt: 1 })
    expect((await reset(third)).status).toBe(400)
  })

  test('for an address that nobody has, no mail is sent and nothing is told', async () => {
    const authority = await given()
    const answer = await authority.from()('POST /password/forgot', {
      body: { email: 'nobody@example.com' },
    })
    expect(answer).toMatchObject({ status: 202, text: '' })
    await authority.settle()
    expect(authority.mails).toEqual([])
    expect(await authority.deps.stores.outbox.waiting()).toEqual({ count: 0, oldestAt: null })
  })

  test('a blocked user gets no link', async () => {
    const authority = await given()
    const ada = await givenPerson(authority)
    await authority.settle()
    const before = authority.mails.length
    await authority.deps.stores.users.update(ada.id, { status: 'blocked', updatedAt: 1 })
    await authority.from()('POST /password/forgot', { body: { email: ada.email } })
    await authority.settle()
    expect(authority.mails).toHaveLength(before)
  })

  test('the link leads to the issuer, whatever host the request names', async () => {
    const authority = await given({ trustProxy: '1' })
    const ada = await givenPerson(authority)
    await authority.from()('POST /password/forgot', {
      body: { email: ada.email },
      headers: {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'http',
        forwarded: 'host=evil.example;proto=http',
      },
    })
    const { text, html } = await authority.mailTo(ada.email)
    const link = /https?:\/\/\S+/.exec(text)?.[0] ?? ''
    expect(link).toMatch(/^https:\/\/auth\.example\.com\/api\/auth\/pages\/reset-password#token=/)
    expect(text + html).not.toContain('evil.example')
    authority.vault.add(link.split('=')[1] ?? '')
  })

  test('mail goes to the address as it is stored, not to a look-alike that was typed', async () => {
    const authority = await given()
    await signUp(authority.from(), { email: 'Ada.Lovelace@example.com' })
    await authority.settle()
    const before = authority.mails.length
    const look = { email: 'ada.lovelace@example.com' }
    await authority.from()('POST /password/forgot', { body: look })
    await authority.settle()
    expect(authority.mails.slice(before).map(({ to }) => to)).toEqual(['Ada.Lovelace@example.com'])
    for (const email of [
      'аda.lovelace@example.com',
      'ada.lovelace@exаmple.com',
      'a\0da@example.com',
    ]) {
      await authority.from()('POST /password/forgot', { body: { email } })
    }
    await authority.settle()
    expect(authority.mails).toHaveLength(before + 1)
  })

  test('three mails an hour to one address, then 429, known or not', async () => {
    const authority = await given()
    const ada = await givenPerson(authority)
    for (const email of [ada.email, 'nobody@example.com']) {
      const statuses = []
      for (let round = 0; round < 5; round++) {
        const answer = await authority.from()('POST /password/forgot', { body: { email } })
        statuses.push(answer.status)
      }
      expect(statuses, email).toEqual([202, 202, 202, 429, 429])
    }
  })

  test('a reset lifts the lock that a hundred failures have put on the account', async () => {
    const authority = await given()
    const ada = await givenPerson(authority)
    for (let failure = 0; failure < 100; failure++) {
      const body = { email: ada.email, password: 'not-the-password' }
      await authority.from()('POST /login', { body })
    }
    const login = (password: string) =>
      authority.from()('POST /login', { body: { email: ada.email, password, transport: 'body' } })
    expect((await login(ada.password)).status).toBe(401)
    await authority.from()('POST /password/forgot', { body: { email: ada.email } })
    const token = await authority.linkTo(ada.email)
    await authority.from()('POST /password/reset', { body: { token, password: newPassword } })
    expect((await login(newPassword)).status).toBe(200)
  })
})

describe('an address to be confirmed', () => {
  test('is confirmed by the link that signing up mails', async () => {
    const authority = await given()
    const call = authority.from()
    const ada = await givenPerson(authority)
    expect(ada.user['emailVerified']).toBe(false)
    const token = await authority.linkTo(ada.email)
    expect((await call('POST /email/verify', { body: { token } })).status).toBe(204)
    expect((await call('POST /email/verify', { body: { token } })).status).toBe(400)
    const profile = await call('GET /profile', { token: ada.accessToken })
    expect(profile.body).toMatchObject({ user: { emailVerified: true } })
    expect(await auditTypes(authority, ada.id)).toContain('email.verified')
  })

  test('when it must be, nobody signs in before, and only who knows the password learns why', async () => {
    const authority = await given(required)
    const call = authority.from()
    const { email, password } = newCredentials()
    const registered = await call('POST /register', { body: { email, password } })
    expect(registered).toMatchObject({
      status: 202,
      body: { status: 'verification_required' },
      cookies: [],
    })
    const token = await authority.linkTo(email)
    expect(await call('POST /login', { body: { email, password } })).toMatchObject({
      status: 403,
      body: { code: 'EMAIL_NOT_VERIFIED' },
    })
    const wrong = { email, password: 'not-the-password' }
    expect((await call('POST /login', { body: wrong })).status).toBe(401)
    await call('POST /email/verify', { body: { token } })
    await signInAs(call, { email, password })
  })

  test('signing up with a known address is answered as with an unknown one, and its owner is told', async () => {
    const authority = await given(required)
    const { email, password } = newCredentials()
    const register = (body: object) => authority.from()('POST /register', { body })
    const first = await register({ email, password })
    const token = await authority.linkTo(email)
    await authority.from()('POST /email/verify', { body: { token } })
    const again = await register({ email, password: newPassword, username: 'somebody' })
    expect([again.status, again.text]).toEqual([first.status, first.text])
    expect((await authority.mailTo(email)).subject).toContain('already')
    await signInAs(authority.from(), { email, password })
    const body = { email, password: newPassword }
    expect((await authority.from()('POST /login', { body })).status).toBe(401)
  })

  test('who signed up before the owner of an address gets nothing when the owner confirms theirs', async () => {
    const authority = await given(required)
    const email = 'victim@example.com'
    const register = (password: string) =>
      authority.from()('POST /register', { body: { email, password } })
    await register('the-password-of-the-attacker')
    const attackers = await authority.linkTo(email)
    await register(newPassword)
    const own = await authority.linkTo(email)
    expect(own).not.toBe(attackers)
    expect((await authority.from()('POST /email/verify', { body: { token: own } })).status).toBe(
      204,
    )
    const late = await authority.from()('POST /email/verify', { body: { token: attackers } })
    expect(late.status).toBe(400)
    await signInAs(authority.from(), { email, password: newPassword })
    const theirs = { email, password: 'the-password-of-the-attacker' }
    expect((await authority.from()('POST /login', { body: theirs })).status).toBe(401)
  })

  test('a username that is taken is left out, and the answer does not tell', async () => {
    const authority = await given(required)
    const register = (email: string) =>
      authority.from()('POST /register', {
        body: { email, password: newPassword, username: 'countess' },
      })
    const first = await register('one@example.com')
    await authority.settle()
    const answers = [first, await register('two@example.com')]
    expect(answers.map(({ status }) => status)).toEqual([202, 202])
    await authority.settle()
    const { users } = authority.deps.stores
    expect((await users.findByEmailKey('one@example.com'))?.username).toBe('countess')
    expect((await users.findByEmailKey('two@example.com'))?.username).toBe(null)
  })

  test('the link can be asked for once more; a confirmed or unknown address gets none', async () => {
    const authority = await given(required)
    const { email, password } = newCredentials()
    const ask = (address: string) =>
      authority.from()('POST /email/verification', { body: { email: address } })
    await authority.from()('POST /register', { body: { email, password } })
    await authority.linkTo(email)
    await ask(email)
    const token = await authority.linkTo(email)
    await authority.from()('POST /email/verify', { body: { token } })
    const before = authority.mails.length
    expect((await ask(email)).status).toBe(202)
    expect((await ask('nobody@example.com')).status).toBe(202)
    await authority.settle()
    expect(authority.mails).toHaveLength(before)
  })

  test('switched off, no mail is sent and there is no link to ask for', async () => {
    const authority = await given({ emailVerification: 'off' })
    const ada = await givenPerson(authority)
    await authority.settle()
    expect(authority.mails).toEqual([])
    const body = { email: ada.email }
    expect((await authority.from()('POST /email/verification', { body })).status).toBe(404)
  })
})

describe('another address', () => {
  test('is taken when it is confirmed, and both addresses are told', async () => {
    const authority = await given()
    const call = authority.from()
    const ada = await givenPerson(authority)
    await authority.settle()
    const change = { newEmail: 'Countess@example.com', password: ada.password }
    const asked = await call('POST /email/change', { token: ada.accessToken, body: change })
    expect(asked).toMatchObject({ status: 202, text: '' })
    const token = await authority.linkTo('Countess@example.com')
    expect((await authority.mailTo(ada.email)).text).toContain('Countess@example.com')
    const before = await call('GET /profile', { token: ada.accessToken })
    expect(before.body).toMatchObject({ user: { email: ada.email } })

    expect((await call('POST /email/change/confirm', { body: { token } })).status).toBe(204)
    const after = await call('GET /profile', { token: ada.accessToken })
    expect(after.body).toMatchObject({
      user: { email: 'Countess@example.com', emailVerified: true },
    })
    expect((await authority.mailTo(ada.email)).subject).toContain('has changed')
    expect((await call('POST /email/change/confirm', { body: { token } })).status).toBe(400)
    const types = await auditTypes(authority, ada.id)
    expect(types).toEqual(expect.arrayContaining(['email.change_requested', 'email.changed']))
  })

  test('needs the password, and is no way to find out whose an address is', async () => {
    const authority = await given()
    const call = authority.from()
    const ada = await givenPerson(authority)
    const bob = await givenPerson(authority)
    await authority.settle()
    const change = (newEmail: string, password: string) =>
      call('POST /email/change', { token: ada.accessToken, body: { newEmail, password } })
    expect(await change('new@example.com', 'not-the-password')).toMatchObject({
      status: 403,
      body: { code: 'PASSWORD_WRONG' },
    })
    const before = authority.mails.filter(({ to }) => to === bob.email).length
    expect(await change(bob.email, ada.password)).toMatchObject({ status: 202, text: '' })
    await authority.settle()
    expect(authority.mails.filter(({ to }) => to === bob.email)).toHaveLength(before)
  })

  test('that somebody else takes meanwhile is refused when it is confirmed', async () => {
    const authority = await given()
    const ada = await givenPerson(authority)
    const body = { newEmail: 'wanted@example.com', password: ada.password }
    await authority.from()('POST /email/change', { token: ada.accessToken, body })
    const token = await authority.linkTo('wanted@example.com')
    await signUp(authority.from(), { email: 'wanted@example.com' })
    const late = await authority.from()('POST /email/change/confirm', { body: { token } })
    expect(late).toMatchObject({ status: 400, body: { code: 'TOKEN_INVALID' } })
  })

  test('of two that were asked for, the newest is good, once', async () => {
    const authority = await given()
    const ada = await givenPerson(authority)
    const ask = async (newEmail: string) => {
      const body = { newEmail, password: ada.password }
      await authority.from()('POST /email/change', { token: ada.accessToken, body })
      return authority.linkTo(newEmail)
    }
    const first = await ask('first@example.com')
    const second = await ask('second@example.com')
    expect(
      (await authority.from()('POST /email/change/confirm', { body: { token: first } })).status,
    ).toBe(400)
    expect(
      (await authority.from()('POST /email/change/confirm', { body: { token: second } })).status,
    ).toBe(204)
  })
})

describe('notices', () => {
  const browser = (cookie?: string) => ({
    origin: 'https://auth.example.com',
    'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Firefox/150.0',
    ...(cookie !== undefined && { cookie }),
  })

  test('a sign-in from a new device is told, one from a known device is not', async () => {
    const authority = await given()
    const { email, password } = newCredentials()
    const call = authority.from()
    const first = await call('POST /register', { headers: browser(), body: { email, password } })
    const device = first.cookies.find((cookie) => cookie.includes('device'))?.split(';')[0]
    await authority.settle()
    const before = authority.mails.length

    const again = { headers: browser(device), body: { email, password } }
    expect((await call('POST /login', again)).status).toBe(200)
    await authority.settle()
    expect(authority.mails).toHaveLength(before)

    await authority.from()('POST /login', { headers: browser(), body: { email, password } })
    const mail = await authority.mailTo(email)
    expect(mail.subject).toContain('new sign-in')
    expect(mail.text).toContain('Firefox on Windows')
    expect(mail.text).toContain('2027-01-15 08:00 UTC')
    await authority.linkTo(email)
  })

  test('“this was not me” signs everybody out, and leads to a new password', async () => {
    const authority = await given()
    const { email, password } = newCredentials()
    await authority.from()('POST /register', { headers: browser(), body: { email, password } })
    const thief = await signInAs(authority.from(), { email, password })
    const token = await authority.linkTo(email)
    const disown = await authority.from()('POST /sign-in/disown', { body: { token } })
    expect(disown.status).toBe(204)
    const { refreshToken } = thief
    expect((await authority.from()('POST /refresh', { body: { refreshToken } })).status).toBe(401)
    expect((await authority.from()('POST /login', { body: { email, password } })).status).toBe(401)
    const reset = await authority.linkTo(email)
    const body = { token: reset, password: newPassword }
    expect((await authority.from()('POST /password/reset', { body })).status).toBe(204)
    await signInAs(authority.from(), { email, password: newPassword })
  })

  test('a changed password and a stolen session are told', async () => {
    const authority = await given()
    const call = authority.from()
    const ada = await givenPerson(authority)
    await authority.settle()
    const body = { currentPassword: ada.password, newPassword, transport: 'body' }
    const changed = await call('POST /password/change', { token: ada.accessToken, body })
    expect((await authority.mailTo(ada.email)).subject).toContain('password')

    const { refreshToken } = changed.body as { refreshToken: string }
    await call('POST /refresh', { body: { refreshToken } })
    authority.clock.advance(61)
    const reused = await call('POST /refresh', { body: { refreshToken } })
    expect(reused.body).toMatchObject({ code: 'REFRESH_TOKEN_REUSED' })
    expect((await authority.mailTo(ada.email)).subject).toContain('We ended')
    const [event] = await authority.deps.stores.audit.list({
      type: 'refresh_token.reused',
      limit: 1,
    })
    expect(event).toMatchObject({ subject: ada.id, reason: 'late', outcome: 'failure' })
  })

  test.each([
    ['record', 200, false],
    ['mail', 200, true],
    ['end', 401, true],
  ] as const)('a session used from elsewhere: %s', async (onContextChange, status, isTold) => {
    const authority = await given({ onContextChange })
    const ada = await signUp(authority.from('192.0.2.1'))
    const { refreshToken } = ada
    const same = await authority.from('192.0.2.9')('POST /refresh', { body: { refreshToken } })
    expect(same.status).toBe(200)
    const next = same.body as { refreshToken: string }
    const moved = await authority.from('198.51.100.1')('POST /refresh', {
      body: { refreshToken: next.refreshToken },
    })
    expect(moved.status).toBe(status)
    const events = await authority.deps.stores.audit.list({
      type: 'session.context_changed',
      limit: 10,
    })
    expect(events.map(({ reason, network }) => [reason, network])).toEqual([
      ['network', '198.51.100.0/24'],
    ])
    await authority.settle()
    const told = authority.mails.filter(({ subject }) => subject.includes('used from elsewhere'))
    expect(told).toHaveLength(isTold ? 1 : 0)
    for (const { text } of told) authority.vault.add(/#token=(\S+)/.exec(text)?.[1] ?? '-')
  })
})
