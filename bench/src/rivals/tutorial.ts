import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startServer } from '../servers/server-process.ts'
import { type AccountService, post, refreshTokenOf } from './account-service.ts'

const server = fileURLToPath(new URL('tutorial-server.ts', import.meta.url))

export const tutorial: AccountService = {
  name: 'tutorial (jsonwebtoken + bcrypt)',
  start: () =>
    startServer({
      name: 'tutorial',
      args: [server],
      env: (folder) => ({ DATABASE_FILE: join(folder, 'db.sqlite'), NODE_ENV: 'production' }),
    }),
  register: (login) => post('/api/auth/register', login),
  login: (login) => post('/api/auth/login', login),
  refresh: (refreshToken) => post('/api/auth/refresh', { refreshToken }),
  credential: refreshTokenOf,
}
