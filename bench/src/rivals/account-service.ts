import type { HttpAnswer, HttpRequest } from '../measure/closed-loop.ts'
import type { ServerProcess } from '../servers/server-process.ts'

export interface Login {
  readonly email: string
  readonly password: string
}

/** A server people register, sign in and stay signed in at, and how to speak to it. */
export interface AccountService {
  readonly name: string
  readonly start: () => Promise<ServerProcess>
  readonly register: (login: Login) => HttpRequest
  readonly login: (login: Login) => HttpRequest
  readonly refresh: (credential: string) => HttpRequest
  /** What the next refresh must present, read from the answer to a login or a refresh. */
  readonly credential: (answer: HttpAnswer) => string | null
}

export function post(path: string, body: object): HttpRequest {
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

/** For services that answer `{ "refreshToken": … }`. */
export function refreshTokenOf(answer: HttpAnswer): string | null {
  const { refreshToken } = JSON.parse(answer.body) as { refreshToken?: string }
  return refreshToken ?? null
}

/** The cookies an answer sets, as the next request sends them; `null` when it sets none. */
export function cookiesOf({ headers }: HttpAnswer): string | null {
  const lines = [headers['set-cookie'] ?? []].flat()
  return lines.length === 0 ? null : lines.map((line) => line.split(';', 1)[0]).join('; ')
}
