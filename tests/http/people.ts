import { createUser } from '../../packages/auth/src/users/create-user.ts'
import type { Authority, CallAuthority } from './authority.ts'
import type { Answer } from './client.ts'

/** What a sign-in or a refresh answers. */
export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
  readonly refreshExpiresAt: string
  readonly expiresIn: number
  readonly sessionId: string
  readonly user: Readonly<Record<string, unknown>> & { readonly id: string }
}

/** Somebody who is signed in with a program that keeps the tokens itself. */
export interface Person extends Tokens {
  readonly id: string
  readonly email: string
  readonly password: string
}

let people = 0

/** An address and a password nobody else has. */
export function newCredentials(): { email: string; password: string } {
  people++
  return { email: `person${people}@example.com`, password: `violet-harbour-${people}-lantern` }
}

/** Registers somebody, or with `members` somebody in particular. */
export async function signUp(
  call: CallAuthority,
  members: Readonly<Record<string, unknown>> = {},
): Promise<Person> {
  const body = { ...newCredentials(), transport: 'body', ...members }
  const tokens = tokensOf(await call('POST /register', { body }))
  return { ...tokens, id: tokens.user.id, email: body.email, password: body.password }
}

/** An administrator, made where administrators are made: not over HTTP. */
export async function signUpAdmin(
  { deps }: Pick<Authority, 'deps'>,
  call: CallAuthority,
): Promise<Person> {
  const credentials = newCredentials()
  const rest = { name: null, username: null, network: 'local', by: 'cli' }
  await createUser(deps, { ...credentials, ...rest, roles: ['admin'] })
  return signInAs(call, credentials)
}

/** Signs in once more, as from another device. */
export async function signInAs(
  call: CallAuthority,
  { email, password }: { email: string; password: string },
): Promise<Person> {
  const tokens = tokensOf(
    await call('POST /login', { body: { email, password, transport: 'body' } }),
  )
  return { ...tokens, id: tokens.user.id, email, password }
}

/** Uses a refresh token, whatever comes of it. */
export function refreshWith(
  call: CallAuthority,
  refreshToken: string,
  idempotencyKey?: string,
): Promise<Answer> {
  const headers = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
  return call('POST /refresh', { body: { refreshToken }, headers })
}

/** Shows an access token where it is looked up: the status and the code of the answer. */
export async function statusOf(
  call: CallAuthority,
  token: string,
): Promise<{ status: number; code: string | undefined }> {
  const { status, body } = await call('GET /profile', { token })
  return { status, code: codeOf({ body }) }
}

export function codeOf({ body }: Pick<Answer, 'body'>): string | undefined {
  return (body as { code?: string } | undefined)?.code
}

/** @throws {Error} The answer holds no tokens. */
export function tokensOf(answer: Answer): Tokens {
  if (answer.status < 300) return answer.body as Tokens
  throw new Error(`no tokens: ${answer.status} ${answer.text}`)
}

/** Signs somebody up where the address must be confirmed, and confirms it. @returns The address. */
export async function signUpVerified(authority: Authority): Promise<string> {
  const { email, password } = newCredentials()
  await authority.from()('POST /register', { body: { email, password } })
  const token = await authority.linkTo(email)
  const { status } = await authority.from()('POST /email/verify', { body: { token } })
  if (status !== 204) throw new Error(`not confirmed: ${status}`)
  return email
}
