import { z } from 'zod'
import { startSession } from '../../sessions/start-session.ts'
import { admitRegistration } from '../../throttle/admit-registration.ts'
import { createUser } from '../../users/create-user.ts'
import { deviceCookie } from '../device-cookie.ts'
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
  success: [{ status: 201, description: 'Created and signed in.', schema: tokenAnswerSchema }],
  errors: [
    'VALIDATION_FAILED',
    'ORIGIN_REFUSED',
    'EMAIL_TAKEN',
    'USERNAME_TAKEN',
    'PASSWORD_REJECTED',
    'RATE_LIMITED',
    'UNAVAILABLE',
  ],

  async handle(deps, { client, body }) {
    const { network, ip, userAgent } = client
    await admitRegistration(deps.throttle, { network })
    const { email, password, name, username } = body
    const created = await createUser(deps, {
      email,
      password,
      name: name ?? null,
      username: username ?? null,
      roles: [],
      network,
    })
    const started = await startSession(deps, { user: created, ip, userAgent, authMethods: ['pwd'] })
    deps.log.info({ event: 'user.created', userId: created.id, by: 'user' }, 'user created')
    const transport = body.transport ?? 'cookie'
    const cookies = transport === 'cookie' ? [deviceCookie(deps, created.id)] : []
    const continued = { ...started, user: created }
    return tokenAnswer(deps, continued, { transport, status: 201, withUser: true, cookies })
  },
})
