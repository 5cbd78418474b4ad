import { z } from 'zod'
import { requestMail } from '../../users/request-mail.ts'
import { resetPassword } from '../../users/reset-password.ts'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'
import { emailField, oneTimeTokenField, passwordField } from '../schemas.ts'

export const forgotPassword: Endpoint = publicEndpoint({
  method: 'POST',
  path: '/password/forgot',
  tag: 'Accounts',
  summary: 'Mails a link to choose a new password.',
  description: 'The answer and its time are the same whether or not the address is known.',
  body: z.strictObject({ email: emailField }),
  success: [{ status: 202, description: 'If the address is known, a link is on its way.' }],
  errors: ['VALIDATION_FAILED', 'ORIGIN_REFUSED', 'RATE_LIMITED', 'UNAVAILABLE'],

  async handle(deps, { client, body }) {
    await requestMail(deps, { kind: 'reset_password', email: body.email, client })
    return new Response(null, { status: 202 })
  },
})

export const resetPasswordEndpoint: Endpoint = publicEndpoint({
  method: 'POST',
  path: '/password/reset',
  tag: 'Accounts',
  summary: 'Sets a new password with the secret of a mailed link.',
  description:
    'Every session ends, and the address counts as confirmed. A password that is refused does ' +
    'not use up the link.',
  body: z.strictObject({ token: oneTimeTokenField, password: passwordField }),
  success: [{ status: 204, description: 'The password is set. Sign in with it.' }],
  errors: [
    'VALIDATION_FAILED',
    'ONE_TIME_TOKEN_INVALID',
    'PASSWORD_REJECTED',
    'ORIGIN_REFUSED',
    'RATE_LIMITED',
    'UNAVAILABLE',
  ],

  async handle(deps, { client, body }) {
    await resetPassword(deps, { ...body, client })
    deps.log.info({ event: 'password.reset' }, 'password reset')
    return new Response(null, { status: 204 })
  },
})
