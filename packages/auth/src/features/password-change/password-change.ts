import { z } from 'zod'
import { AuthError } from '../../base/errors.ts'
import { startSession } from '../../sessions/start-session.ts'
import { provePassword } from '../../users/prove-password.ts'
import { replacePassword } from '../../users/replace-password.ts'
import { presentedDeviceId } from '../device-cookie.ts'
import { type Endpoint, userEndpoint } from '../endpoint.ts'
import { passwordField, tokenAnswerSchema, transportField } from '../schemas.ts'
import { tokenAnswer } from '../token-answer.ts'

export const changePassword: Endpoint = userEndpoint({
  method: 'POST',
  path: '/password/change',
  tag: 'Profile',
  summary: 'Changes the password and signs out everywhere else.',
  description: 'The caller goes on in a new session; every older token is dead.',
  body: z.strictObject({
    currentPassword: passwordField,
    newPassword: passwordField,
    transport: transportField.optional(),
  }),
  success: [{ status: 200, description: 'Tokens of a new session.', schema: tokenAnswerSchema }],
  errors: [
    'VALIDATION_FAILED',
    'PASSWORD_WRONG',
    'PASSWORD_REJECTED',
    'RATE_LIMITED',
    'UNAVAILABLE',
  ],

  async handle(deps, { caller, client, headers, body }) {
    await provePassword(deps, {
      user: caller.user,
      password: body.currentPassword,
      client,
      deviceId: presentedDeviceId(deps, { headers, userId: caller.user.id }),
    })
    const replaced = await replacePassword(deps, {
      user: caller.user,
      newPassword: body.newPassword,
      client,
      by: caller.user.id,
    })
    // The password was changed by another call since this one proved the old one.
    if (!replaced) throw new AuthError('PASSWORD_WRONG')
    const started = await startSession(deps, {
      user: replaced,
      ip: client.ip,
      userAgent: client.userAgent,
      authMethods: ['pwd'],
    })
    deps.log.info({ event: 'password.changed', userId: replaced.id }, 'password changed')
    return tokenAnswer(
      deps,
      { ...started, user: replaced },
      { transport: body.transport ?? 'cookie' },
    )
  },
})
