import { z } from 'zod'
import { disownSession } from '../../users/disown-session.ts'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'
import { oneTimeTokenField } from '../schemas.ts'

export const disownSessionEndpoint: Endpoint = publicEndpoint({
  method: 'POST',
  path: '/sign-in/disown',
  tag: 'Accounts',
  summary:
    '“This was not me”: ends what somebody else signed in to, with the secret of a mailed link.',
  description:
    'Every session ends, the password stops working, and a link for a new one is mailed.',
  body: z.strictObject({ token: oneTimeTokenField }),
  success: [{ status: 204, description: 'Everybody is signed out; a link is on its way.' }],
  errors: [
    'VALIDATION_FAILED',
    'ONE_TIME_TOKEN_INVALID',
    'ORIGIN_REFUSED',
    'RATE_LIMITED',
    'UNAVAILABLE',
  ],

  async handle(deps, { client, body }) {
    await disownSession(deps, { ...body, client })
    return new Response(null, { status: 204 })
  },
})
