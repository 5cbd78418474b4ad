import { password } from './workplace.ts'

// What a test asks a running server.

/** A sign-in with the password of every test, tokens in the body. */
export function signIn(url: string, email: string): Promise<Response> {
  return post(`${url}/api/auth/login`, { email, password, transport: 'body' })
}

/** The tokens of a sign-in that must end well. */
export async function tokensFor(
  url: string,
  email: string,
): Promise<{ accessToken: string; refreshToken: string; sessionId: string }> {
  const answer = await signIn(url, email)
  if (!answer.ok) throw new Error(`no sign-in: ${answer.status}`)
  return await answer.json()
}

/** What a protected endpoint says to an access token, and what it gives. */
export async function callWith(
  accessToken: string,
  url: string,
): Promise<{ status: number; code?: string }> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } })
  const { code } = await answer.json()
  return { status: answer.status, ...(code !== undefined && { code }) }
}

export async function post(url: string, body: object): Promise<Response> {
  return await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}
