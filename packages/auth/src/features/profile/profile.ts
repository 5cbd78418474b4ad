import { z } from 'zod'
import { auditEvent } from '../../audit/event.ts'
import { AuthError } from '../../base/errors.ts'
import { deleteUser } from '../../users/delete-user.ts'
import { provePassword } from '../../users/prove-password.ts'
import { requireUsername } from '../../users/username.ts'
import { toUserAnswer } from '../answers.ts'
import { presentedDeviceId } from '../device-cookie.ts'
import { type Endpoint, userEndpoint } from '../endpoint.ts'
import { clearedRefreshCookie } from '../refresh-cookie.ts'
import { nameField, passwordField, usernameField, userSchema } from '../schemas.ts'

const userAnswer = z.object({ user: userSchema })

export const showProfile: Endpoint = userEndpoint({
  method: 'GET',
  path: '/profile',
  tag: 'Profile',
  summary: 'Shows who is signed in.',
  success: [{ status: 200, description: 'The user.', schema: userAnswer }],
  errors: [],

  async handle(_deps, { caller }) {
    return Response.json({ user: toUserAnswer(caller.user) })
  },
})

export const changeProfile: Endpoint = userEndpoint({
  method: 'PATCH',
  path: '/profile',
  tag: 'Profile',
  summary: 'Changes name or username.',
  description: '`null` takes a name or username away. Members not given stay as they are.',
  body: z.strictObject({
    name: nameField.nullable().optional(),
    username: usernameField.nullable().optional(),
  }),
  success: [{ status: 200, description: 'The user, changed.', schema: userAnswer }],
  errors: ['VALIDATION_FAILED', 'USERNAME_TAKEN', 'UNAVAILABLE'],

  async handle(deps, { caller, client, body }) {
    const { users } = deps.stores
    const actor = caller.user.id
    const reason = Object.keys(body).join(' ')
    const audit = auditEvent(deps, 'user.changed', { actor, subject: actor, client, reason })
    const change = {
      ...(body.name !== undefined && { name: body.name }),
      ...(body.username !== undefined && {
        username: body.username && requireUsername(body.username),
      }),
      updatedAt: audit.at,
    }
    const result = await users.update(actor, change, {}, { audit })
    if (result === 'username_taken') throw new AuthError('USERNAME_TAKEN')
    const user = result === 'updated' ? await users.find(caller.user.id) : null
    if (!user) throw new AuthError('TOKEN_REVOKED', { detail: 'the user is gone' })
    return Response.json({ user: toUserAnswer(user) })
  },
})

export const deleteProfile: Endpoint = userEndpoint({
  method: 'DELETE',
  path: '/profile',
  tag: 'Profile',
  summary: 'Deletes the user and everything that belongs to them.',
  description: 'For good. The last active administrator cannot be deleted.',
  body: z.strictObject({ password: passwordField }),
  success: [{ status: 204, description: 'Deleted; every session has ended.' }],
  errors: ['VALIDATION_FAILED', 'PASSWORD_WRONG', 'LAST_ADMIN', 'RATE_LIMITED', 'UNAVAILABLE'],

  async handle(deps, { caller, client, headers, body }) {
    await provePassword(deps, {
      user: caller.user,
      password: body.password,
      client,
      deviceId: presentedDeviceId(deps, { headers, userId: caller.user.id }),
    })
    await deleteUser(deps, { userId: caller.user.id, by: caller.user.id })
    return new Response(null, {
      status: 204,
      headers: {
        'set-cookie': clearedRefreshCookie(deps.settings),
        'clear-site-data': '"cache", "storage"',
      },
    })
  },
})
