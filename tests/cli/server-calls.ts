import { password as usualPassword } from './workplace.ts'

// What a test asks a running server.

/** A sign-in, with the password of every test unless another is given; tokens in the body. */
export function signIn(url: string, email: string, password = usualPassword): Promise<Response> {
  return post(`${url}/api/auth/login`, { email, password, transport: 'body' })
}

export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
  readonly sessionId: string
}

/** What became of a call: `code` is that of a refusal. */
export interface Verdict {
  readonly status: number
  readonly code?: string
}

/** The tokens of a sign-in that must end well. */
export async function tokensFor(url: string, email: string): Promise<Tokens> {
  const answer = await signIn(url, email)
  if (!answer.ok) throw new Error(`no sign-in: ${answer.status}`)
  return (await answer.json()) as Tokens
}

/** What a protected endpoint says to an access token. */
export async function callWith(accessToken: string, url: string): Promise<Verdict> {
  return await verdictOf(await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } }))
}

export async function verdictOf(answer: Response): Promise<Verdict> {
  const { code } = (await answer.json()) as { code?: string }
  return { status: answer.status, ...(code !== undefined && { code }) }
}

export async function post(url: string, body: object): Promise<Response> {
  return await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}
