import { z } from 'zod'
import { confirmEmailChange, requestEmailChange } from '../../users/change-email.ts'
import { provePassword } from '../../users/prove-password.ts'
import { requireMailer } from '../../users/request-mail.ts'
import { presentedDeviceId } from '../device-cookie.ts'
import { type Endpoint, publicEndpoint, userEndpoint } from '../endpoint.ts'
import { emailField, oneTimeTokenField, passwordField } from '../schemas.ts'

export const changeEmail: Endpoint = userEndpoint({
  method: 'POST',
  path: '/email/change',
  tag: 'Profile',
  summary: 'Mails a link to a new address, and a notice to the old one.',
  description: 'Nothing changes before the new address is confirmed.',
  body: z.strictObject({ newEmail: emailField, password: passwordField }),
  success: [{ status: 202, description: 'If the address is free, a link is on its way.' }],
  errors: ['VALIDATION_FAILED', 'PASSWORD_WRONG', 'RATE_LIMITED', 'UNAVAILABLE'],

  async handle(deps, { caller, client, headers, body }) {
    const mailer = requireMailer(deps.mailer)
    const { user } = caller
    const deviceId = presentedDeviceId(deps, { headers, userId: user.id })
    await provePassword(deps, { user, password: body.password, client, deviceId })
    await requestEmailChange({ ...deps, mailer }, { user, newEmail: body.newEmail, client })
    return new Response(null, { status: 202 })
  },
})

export const confirmEmailChangeEndpoint: Endpoint = publicEndpoint({
  method: 'POST',
  path: '/email/change/confirm',
  tag: 'Accounts',
  summary: 'Confirms a new address with the secret of a mailed link.',
  body: z.strictObject({ token: oneTimeTokenField }),
  success: [{ status: 204, description: 'The address has changed; the old one is told.' }],
  errors: [
    'VALIDATION_FAILED',
    'ONE_TIME_TOKEN_INVALID',
    'ORIGIN_REFUSED',
    'RATE_LIMITED',
    'UNAVAILABLE',
  ],

  async handle(deps, { client, body }) {
    await confirmEmailChange(deps, { ...body, client })
    return new Response(null, { status: 204 })
  },
})
