import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'undici'
import { type HttpRequest, send } from '../../measure/closed-loop.ts'
import { type ServerProcess, startServer } from '../../servers/server-process.ts'
import { type Algorithm, createSigningKey, issueTokens, verificationJwk } from '../../tokens.ts'
import { cookiesOf, post } from '../account-service.ts'
import { type BetterAuthFeatures, startBetterAuth } from '../better-auth.ts'
import { newLogins } from '../visitors.ts'

type RequestHeaders = Readonly<Record<string, string>>

/** A server whose `GET /me` answers signed-in callers only. */
export interface ProtectedRoute {
  readonly server: ServerProcess
  /** What each signed-in caller sends along. */
  readonly callers: readonly RequestHeaders[]
}

export interface RouteRival {
  readonly name: string
  readonly start: (callers: number) => Promise<ProtectedRoute>
}

export const routeRivals: readonly RouteRival[] = [
  { name: 'Express, no check', start: startBare },
  { name: 'countersign, ES256', start: (callers) => startJwt('countersign', 'ES256', callers) },
  { name: 'countersign, HS256', start: (callers) => startJwt('countersign', 'HS256', callers) },
  { name: 'express-jwt, ES256', start: (callers) => startJwt('express-jwt', 'ES256', callers) },
  { name: 'express-jwt, HS256', start: (callers) => startJwt('express-jwt', 'HS256', callers) },
  { name: 'express-session on SQLite', start: startExpressSession },
  {
    name: 'better-auth',
    start: (callers) => startBetter({ jwt: 'off', cookieCache: 'off' }, callers),
  },
  {
    name: 'better-auth, cookie cache',
    start: (callers) => startBetter({ jwt: 'off', cookieCache: 'on' }, callers),
  },
]

async function startBare(): Promise<ProtectedRoute> {
  return { server: await startProgram('bare'), callers: [{}] }
}

async function startJwt(
  rival: 'countersign' | 'express-jwt',
  algorithm: Algorithm,
  callers: number,
): Promise<ProtectedRoute> {
  const key = createSigningKey(algorithm)
  const tokens = await issueTokens(key, callers)
  return {
    server: await startProgram(rival, { KEY: JSON.stringify(verificationJwk(key)) }),
    callers: tokens.map((token) => ({ authorization: `Bearer ${token}` })),
  }
}

async function startExpressSession(callers: number): Promise<ProtectedRoute> {
  const server = await startProgram('express-session')
  const logins = Array.from({ length: callers }, () => post('/login', {}))
  return { server, callers: await signIn(server, logins) }
}

async function startBetter(features: BetterAuthFeatures, callers: number): Promise<ProtectedRoute> {
  const server = await startBetterAuth(features)
  const logins = newLogins('caller', callers).map((login) =>
    post('/api/auth/sign-up/email', { ...login, name: 'Somebody' }),
  )
  return { server, callers: await signIn(server, logins) }
}

function startProgram(name: string, env: Record<string, string> = {}): Promise<ServerProcess> {
  return startServer({
    name,
    args: [fileURLToPath(new URL(`${name}-server.ts`, import.meta.url))],
    env: (folder) => ({
      ...env,
      DATABASE_FILE: join(folder, 'db.sqlite'),
      NODE_ENV: 'production',
    }),
  })
}

/** @returns The cookies each answer set. The server is stopped when one set none. */
async function signIn(
  server: ServerProcess,
  requests: readonly HttpRequest[],
): Promise<RequestHeaders[]> {
  const client = new Client(server.origin)
  try {
    const callers: RequestHeaders[] = []
    for (const request of requests) {
      const answer = await send(client, request)
      const cookie = cookiesOf(answer)
      if (cookie === null) throw new Error(`no cookie came with status ${answer.status}`)
      callers.push({ cookie })
    }
    return callers
  } catch (error) {
    await server.stop()
    throw error
  } finally {
    await client.destroy()
  }
}
