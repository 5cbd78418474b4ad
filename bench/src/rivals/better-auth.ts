import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ServerProcess, startServer } from '../servers/server-process.ts'
import { type AccountService, cookiesOf, post } from './account-service.ts'

const server = fileURLToPath(new URL('better-auth-server.ts', import.meta.url))

export interface BetterAuthFeatures {
  readonly jwt: 'on' | 'off'
  readonly cookieCache: 'on' | 'off'
}

export function startBetterAuth({ jwt, cookieCache }: BetterAuthFeatures): Promise<ServerProcess> {
  return startServer({
    name: 'better-auth',
    args: [server],
    env: (folder, origin) => ({
      DATABASE_FILE: join(folder, 'db.sqlite'),
      ORIGIN: origin,
      JWT: jwt,
      COOKIE_CACHE: cookieCache,
      NODE_ENV: 'production',
    }),
  })
}

/**
 * It has no refresh tokens. The nearest thing is the JWT plugin's `GET /token`: a fresh
 * access token for the session in the cookie, which stays the same. It writes nothing.
 */
export const betterAuth: AccountService = {
  name: 'better-auth',
  start: () => startBetterAuth({ jwt: 'on', cookieCache: 'off' }),
  register: (login) => post('/api/auth/sign-up/email', { ...login, name: 'Somebody' }),
  login: (login) => post('/api/auth/sign-in/email', login),
  refresh: (cookie) => ({ method: 'GET', path: '/api/auth/token', headers: { cookie } }),
  credential: cookiesOf,
}

/**
 * Its session check on PostgreSQL, told to move the expiry of the session each time: what comes
 * nearest to a refresh, and writes as one does.
 */
export function betterAuthOnPostgres(url: string): AccountService {
  return {
    ...betterAuth,
    name: 'better-auth, session refresh',
    start: () =>
      startServer({
        name: 'better-auth',
        args: [server],
        env: (_, origin) => ({
          DATABASE_URL: url,
          ORIGIN: origin,
          JWT: 'off',
          COOKIE_CACHE: 'off',
          UPDATE_AGE: '0',
          NODE_ENV: 'production',
        }),
      }),
    refresh: (cookie) => ({ method: 'GET', path: '/api/auth/get-session', headers: { cookie } }),
  }
}
