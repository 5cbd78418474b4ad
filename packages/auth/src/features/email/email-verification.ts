import { z } from 'zod'
import { requestMail } from '../../users/request-mail.ts'
import { verifyEmail } from '../../users/verify-email.ts'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'
import { emailField, oneTimeTokenField } from '../schemas.ts'

export const requestVerification: Endpoint = publicEndpoint({
  method: 'POST',
  path: '/email/verification',
  tag: 'Accounts',
  summary: 'Mails the link that confirms an address once more.',
  description: 'The answer and its time are the same whether or not the address is known.',
  body: z.strictObject({ email: emailField }),
  success: [{ status: 202, description: 'If there is anything to confirm, a link is on its way.' }],
  errors: ['VALIDATION_FAILED', 'ORIGIN_REFUSED', 'RATE_LIMITED', 'UNAVAILABLE'],

  async handle(deps, { client, body }) {
    await requestMail(deps, { kind: 'verify_email', email: body.email, client })
    return new Response(null, { status: 202 })
  },
})

export const verifyEmailEndpoint: Endpoint = publicEndpoint({
  method: 'POST',
  path: '/email/verify',
  tag: 'Accounts',
  summary: 'Confirms an address with the secret of a mailed link.',
  description: 'By POST: mail scanners open every link they see.',
  body: z.strictObject({ token: oneTimeTokenField }),
  success: [{ status: 204, description: 'The address is confirmed.' }],
  errors: [
    'VALIDATION_FAILED',
    'ONE_TIME_TOKEN_INVALID',
    'ORIGIN_REFUSED',
    'RATE_LIMITED',
    'UNAVAILABLE',
  ],

  async handle(deps, { client, body }) {
    await verifyEmail(deps, { ...body, client })
    return new Response(null, { status: 204 })
  },
})
