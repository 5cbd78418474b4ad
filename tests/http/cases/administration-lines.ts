const id = 'usr_AAAAAAAAAAAAAAAAAAAAAA'

/** Every endpoint for administrators, as a request line. */
export const administrationLines: readonly string[] = [
  'GET /admin/users',
  `GET /admin/users/${id}`,
  `PATCH /admin/users/${id}`,
  `DELETE /admin/users/${id}`,
  `GET /admin/users/${id}/sessions`,
  `DELETE /admin/users/${id}/sessions`,
  'GET /admin/roles',
  'GET /admin/roles/editor',
  'PUT /admin/roles/editor',
  'DELETE /admin/roles/editor',
  'GET /admin/keys',
  'POST /admin/keys/rotate',
]
