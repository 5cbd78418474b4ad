import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startServer } from '../servers/server-process.ts'
import { type AccountService, post, refreshTokenOf } from './account-service.ts'

const cli = fileURLToPath(new URL('../../../packages/auth/bin/countersign.js', import.meta.url))

export const countersign: AccountService = {
  name: 'countersign',
  start: () =>
    startServer({
      name: 'countersign',
      args: [cli, 'serve'],
      env: (folder) => ({
        DATABASE_URL: `sqlite:${join(folder, 'db.sqlite')}`,
        // Refused with NODE_ENV=production, which is therefore not set.
        RATE_LIMITS: 'off',
        LOG_LEVEL: 'error',
      }),
    }),
  register: (login) => post('/api/auth/register', { ...login, transport: 'body' }),
  login: (login) => post('/api/auth/login', { ...login, transport: 'body' }),
  refresh: (refreshToken) => post('/api/auth/refresh', { refreshToken }),
  credential: refreshTokenOf,
}
