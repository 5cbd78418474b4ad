import { z } from 'zod'
import type { MailOrder } from '../../model/mail.ts'
import { signIn } from '../../sessions/sign-in.ts'
import { admitRegistration } from '../../throttle/admit-registration.ts'
import { createUser } from '../../users/create-user.ts'
import { registerByMail } from '../../users/register-by-mail.ts'
import type { Deps } from '../deps.ts'
import { signingDevice } from '../device-cookie.ts'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'
import {
  emailField,
  nameField,
  passwordField,
  tokenAnswerSchema,
  transportField,
  usernameField,
} from '../schemas.ts'
import { tokenAnswer } from '../token-answer.ts'

export const register: Endpoint = publicEndpoint({
  method: 'POST',
  path: '/register',
  tag: 'Accounts',
  summary: 'Creates a user and signs them in.',
  description: 'Roles and status are never taken from here: unlisted members are refused.',
  body: z.strictObject({
    email: emailField,
    password: passwordField,
    name: nameField.optional(),
    username: usernameField.optional(),
    transport: transportField.optional(),
  }),
  success: [
    { status: 201, description: 'Created and signed in.', schema: tokenAnswerSchema },
    {
      status: 202,
      description:
        'With `EMAIL_VERIFICATION=required`: a mail is on its way, whether or not the address is known.',
      schema: z.object({ status: z.literal('verification_required') }),
    },
  ],
  errors: [
    'VALIDATION_FAILED',
    'ORIGIN_REFUSED',
    'EMAIL_TAKEN',
    'USERNAME_TAKEN',
    'PASSWORD_REJECTED',
    'RATE_LIMITED',
    'UNAVAILABLE',
  ],

  async handle(deps, { headers, client, body }) {
    const { network } = client
    await admitRegistration(deps.throttle, { network })
    const { email, password, name, username } = body
    if (deps.settings.emailVerification === 'required') {
      await registerByMail(deps, { ...body, client })
      return Response.json({ status: 'verification_required' }, { status: 202 })
    }
    const created = await createUser(deps, {
      email,
      password,
      name: name ?? null,
      username: username ?? null,
      roles: [],
      network,
      by: 'anonymous',
      mail: ({ emailKey }) => verificationMail(deps, emailKey),
    })
    const transport = body.transport ?? 'cookie'
    const from = { headers, userId: created.id, client, transport }
    const { device, cookies } = signingDevice(deps, from)
    const started = await signIn(deps, { user: created, client, device, authMethods: ['pwd'] })
    deps.log.info({ event: 'user.created', userId: created.id, by: 'user' }, 'user created')
    const continued = { ...started, user: created }
    return tokenAnswer(deps, continued, { transport, status: 201, withUser: true, cookies })
  },
})

function verificationMail(
  { mailer, settings }: Pick<Deps, 'mailer' | 'settings'>,
  emailKey: string,
): readonly MailOrder[] {
  if (!mailer || settings.emailVerification === 'off') return []
  return [mailer.order('verify_email', { emailKey })]
}
