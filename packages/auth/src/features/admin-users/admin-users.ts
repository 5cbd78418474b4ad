import { z } from 'zod'
import { requireAdmin } from '../../access/require-admin.ts'
import { text } from '../../http/validation.ts'
import { changeUser } from '../../users/change-user.ts'
import { deleteUser } from '../../users/delete-user.ts'
import { toAdminUserAnswer } from '../answers.ts'
import { type Endpoint, userEndpoint } from '../endpoint.ts'
import { adminUserSchema, roleNameField, userIdParams } from '../schemas.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { getTargetUser, getUser } from './target.ts'

const userAnswer = z.object({ user: adminUserSchema })

export const listUsers: Endpoint = userEndpoint({
  method: 'GET',
  path: '/admin/users',
  tag: 'Administration',
  permission: 'users:read',
  summary: 'Lists users, oldest first.',
  query: z.strictObject({
    q: text({ max: 254 }).optional().meta({ description: 'Part of address, username or name.' }),
    cursor: z
      .string()
      .max(256)
      .optional()
      .meta({ description: '`nextCursor` of the page before.' }),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  success: [
    {
      status: 200,
      description: 'A page of users; `nextCursor` if there are more.',
      schema: z.object({ users: z.array(adminUserSchema), nextCursor: z.string().optional() }),
    },
  ],
  errors: ['VALIDATION_FAILED', 'UNAVAILABLE'],

  async handle(deps, { query }) {
    const users = await deps.stores.users.list({
      ...(query.q !== undefined && { search: query.q }),
      ...(query.cursor !== undefined && { after: readCursor(deps.secrets, query.cursor) }),
      limit: query.limit + 1,
    })
    const page = users.slice(0, query.limit)
    const last = users.length > query.limit ? page.at(-1) : undefined
    return Response.json({
      users: page.map(toAdminUserAnswer),
      ...(last && { nextCursor: writeCursor(deps.secrets, last) }),
    })
  },
})

export const showUser: Endpoint = userEndpoint({
  method: 'GET',
  path: '/admin/users/:id',
  tag: 'Administration',
  permission: 'users:read',
  summary: 'Shows one user.',
  params: userIdParams,
  success: [{ status: 200, description: 'The user.', schema: userAnswer }],
  errors: ['NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { params }) {
    return Response.json({ user: toAdminUserAnswer(await getUser(deps, params.id)) })
  },
})

export const changeUserEndpoint: Endpoint = userEndpoint({
  method: 'PATCH',
  path: '/admin/users/:id',
  tag: 'Administration',
  permission: 'users:write',
  summary: 'Blocks or unblocks a user, or changes their roles.',
  description: 'Access tokens issued before die; when the user is blocked, their sessions too.',
  params: userIdParams,
  body: z.strictObject({
    status: z.enum(['active', 'blocked']).optional(),
    roles: z.array(roleNameField).max(32).optional(),
    emailVerified: z.boolean().optional(),
  }),
  success: [{ status: 200, description: 'The user, changed.', schema: userAnswer }],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'LAST_ADMIN', 'ROLE_UNKNOWN', 'UNAVAILABLE'],

  async handle(deps, { caller, params, body }) {
    const target = await getTargetUser(deps, { id: params.id, caller })
    if (body.roles !== undefined) requireAdmin(caller.user)
    const user = await changeUser(deps, {
      userId: target.id,
      change: body,
      by: caller.user.id,
    })
    return Response.json({ user: toAdminUserAnswer(user) })
  },
})

export const removeUser: Endpoint = userEndpoint({
  method: 'DELETE',
  path: '/admin/users/:id',
  tag: 'Administration',
  permission: 'users:write',
  summary: 'Deletes a user and everything that belongs to them.',
  params: userIdParams,
  success: [{ status: 204, description: 'Deleted; every session has ended.' }],
  errors: ['NOT_FOUND', 'LAST_ADMIN', 'UNAVAILABLE'],

  async handle(deps, { caller, params }) {
    const target = await getTargetUser(deps, { id: params.id, caller })
    await deleteUser(deps, { userId: target.id, by: caller.user.id })
    return new Response(null, { status: 204 })
  },
})
