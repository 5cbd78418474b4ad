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

/** The same on a PostgreSQL database, which more than one may share. */
export function countersignOnPostgres(url: string): AccountService {
  return {
    ...countersign,
    start: () =>
      startServer({
        name: 'countersign',
        args: [cli, 'serve'],
        env: () => ({
          DATABASE_URL: url,
          DATABASE_POOL_SIZE: '20',
          COUNTERSIGN_SECRET: '3f1d9a7c5b2e8064d1f3a59b7c2e8d406b1f9a3c5d7e2084f6a1b3c9d5e7f802',
          RATE_LIMITS: 'off',
          LOG_LEVEL: 'error',
        }),
      }),
  }
}
