import { z } from 'zod'
import { requireAdmin } from '../../access/require-admin.ts'
import { deleteRole, putRole } from '../../access/roles.ts'
import { AuthError } from '../../base/errors.ts'
import { type Endpoint, userEndpoint } from '../endpoint.ts'
import { permissionField, roleNameField, roleSchema } from '../schemas.ts'

export const listRoles: Endpoint = userEndpoint({
  method: 'GET',
  path: '/admin/roles',
  tag: 'Administration',
  permission: 'roles:read',
  summary: 'Lists roles and their permissions.',
  success: [
    { status: 200, description: 'The roles.', schema: z.object({ roles: z.array(roleSchema) }) },
  ],
  errors: ['UNAVAILABLE'],

  async handle(deps) {
    return Response.json({ roles: await deps.stores.roles.list() })
  },
})

export const showRole: Endpoint = userEndpoint({
  method: 'GET',
  path: '/admin/roles/:name',
  tag: 'Administration',
  permission: 'roles:read',
  summary: 'Shows one role.',
  params: z.strictObject({ name: roleNameField }),
  success: [{ status: 200, description: 'The role.', schema: z.object({ role: roleSchema }) }],
  errors: ['NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { params }) {
    const role = await deps.stores.roles.find(params.name)
    if (!role) throw new AuthError('NOT_FOUND')
    return Response.json({ role })
  },
})

export const changeRole: Endpoint = userEndpoint({
  method: 'PUT',
  path: '/admin/roles/:name',
  tag: 'Administration',
  permission: 'roles:write',
  summary: 'Defines a role, or changes what it permits.',
  description: 'Access tokens of everyone who has the role die; a refresh brings the new state.',
  params: z.strictObject({ name: roleNameField }),
  body: z.strictObject({ permissions: z.array(permissionField).max(100) }),
  success: [
    { status: 200, description: 'The role, changed.', schema: z.object({ role: roleSchema }) },
    { status: 201, description: 'The role, new.', schema: z.object({ role: roleSchema }) },
  ],
  errors: ['VALIDATION_FAILED', 'UNAVAILABLE'],

  async handle(deps, { caller, params, body }) {
    requireAdmin(caller.user)
    const { role, result } = await putRole(deps, { ...params, ...body, by: caller.user.id })
    return Response.json({ role }, { status: result === 'created' ? 201 : 200 })
  },
})

export const removeRole: Endpoint = userEndpoint({
  method: 'DELETE',
  path: '/admin/roles/:name',
  tag: 'Administration',
  permission: 'roles:write',
  summary: 'Takes a role from everyone who has it and deletes it.',
  params: z.strictObject({ name: roleNameField }),
  success: [{ status: 204, description: 'Deleted.' }],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, params }) {
    requireAdmin(caller.user)
    await deleteRole(deps, { name: params.name, by: caller.user.id })
    return new Response(null, { status: 204 })
  },
})
