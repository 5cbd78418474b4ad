import { z } from 'zod'
import { toKeyAnswer } from '../answers.ts'
import { type Endpoint, userEndpoint } from '../endpoint.ts'

const isoTime = z.string().meta({ format: 'date-time' })

const keySchema = z
  .object({
    kid: z.string(),
    algorithm: z.string(),
    stage: z.enum(['upcoming', 'signing', 'retired']),
    createdAt: isoTime,
    activeFrom: isoTime,
  })
  .meta({ id: 'SigningKey' })

export const listKeys: Endpoint = userEndpoint({
  method: 'GET',
  path: '/admin/keys',
  tag: 'Administration',
  permission: 'keys:read',
  summary: 'Lists signing keys and the stage each is in.',
  success: [
    { status: 200, description: 'The keys.', schema: z.object({ keys: z.array(keySchema) }) },
  ],
  errors: ['UNAVAILABLE'],

  async handle(deps) {
    await deps.keys.reload()
    return Response.json({ keys: deps.keys.list().map(toKeyAnswer) })
  },
})

export const rotateKeys: Endpoint = userEndpoint({
  method: 'POST',
  path: '/admin/keys/rotate',
  tag: 'Administration',
  permission: 'keys:write',
  summary: 'Makes a new signing key and publishes it.',
  description:
    'It signs once every verifier can know it; the old one verifies until its last token has expired.',
  body: z.strictObject({}),
  success: [
    { status: 201, description: 'The new key, upcoming.', schema: z.object({ key: keySchema }) },
  ],
  errors: ['VALIDATION_FAILED', 'ROTATION_PENDING', 'ROTATION_UNSUPPORTED', 'UNAVAILABLE'],

  async handle(deps, { caller }) {
    const key = await deps.keys.rotate(caller.user.id)
    deps.log.info({ event: 'keys.rotated', kid: key.kid, by: caller.user.id }, 'key rotation began')
    return Response.json({ key: toKeyAnswer(key) }, { status: 201 })
  },
})

export const revokeKey: Endpoint = userEndpoint({
  method: 'POST',
  path: '/admin/keys/:kid/revoke',
  tag: 'Administration',
  permission: 'keys:write',
  summary: 'Gives up a signing key that others may know.',
  description:
    'It leaves the key set, and every access token it signed is refused: a refresh brings one of another key.',
  params: z.strictObject({ kid: z.string().regex(/^[\w-]{1,64}$/) }),
  body: z.strictObject({}),
  success: [{ status: 204, description: 'The key is good for nothing.' }],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'ROTATION_UNSUPPORTED', 'UNAVAILABLE'],

  async handle(deps, { caller, params }) {
    await deps.keys.revoke(params.kid, caller.user.id)
    return new Response(null, { status: 204 })
  },
})
