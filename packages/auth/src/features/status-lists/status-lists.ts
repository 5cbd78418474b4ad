import { z } from 'zod'
import { AuthError } from '../../base/errors.ts'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'

export const statusList: Endpoint = publicEndpoint({
  method: 'GET',
  path: '/status-lists/:list',
  tag: 'Services',
  summary: 'Which tokens are dead, as a signed Token Status List.',
  description: 'A token names its list and its place there in the claim `status`.',
  params: z.strictObject({ list: z.string().regex(/^(?:0|[1-9]\d{0,5})$/) }),
  success: [
    {
      status: 200,
      description: 'The list, as a JWT of the type `statuslist+jwt`.',
      schema: z.string(),
      contentType: 'application/statuslist+jwt',
    },
  ],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'UNAVAILABLE'],

  async handle({ statusLists }, { params }) {
    const signed = await statusLists?.signed(Number(params.list))
    if (!signed) throw new AuthError('NOT_FOUND')
    return new Response(signed.token, {
      headers: {
        'content-type': 'application/statuslist+jwt',
        'cache-control': `public, max-age=${signed.secondsLeft}`,
        'cross-origin-resource-policy': 'cross-origin',
      },
    })
  },
})

export const statusListUris: Endpoint = publicEndpoint({
  method: 'GET',
  path: '/status-lists',
  tag: 'Services',
  summary: 'Where every status list is.',
  success: [
    {
      status: 200,
      description: 'The addresses of the lists.',
      schema: z.object({ status_lists: z.array(z.string()) }),
    },
  ],
  errors: ['NOT_FOUND', 'UNAVAILABLE'],

  async handle({ statusLists }) {
    if (!statusLists) throw new AuthError('NOT_FOUND')
    return Response.json({ status_lists: await statusLists.uris() })
  },
})
