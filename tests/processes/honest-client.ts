import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Answer,
  type Credentials,
  callAs,
  login,
  post,
  refresh,
  type Target,
  type Tokens,
  tokensOf,
} from './client.ts'

/** What an authority has said yes to, and so must keep, and what it did that it must not. */
export interface Experience {
  /** By address. */
  readonly passwords: Map<string, string>
  /** The newest refresh token of each session that goes on, by session. */
  readonly live: Map<string, string>
  /** The newest refresh token of each session that has ended. */
  readonly ended: string[]
  readonly accessTokens: string[]
  /** Refusals that no honest client deserves. */
  readonly wronged: string[]
  /** Requests that were answered. */
  answered: number
  /** Of these, with 503. */
  unavailable: number
  /** Requests without an answer: whether they were done, the client cannot know. */
  lost: number
}

export interface HonestClient {
  /** Tells addresses of clients apart. */
  readonly name: string
  /** Whether its refreshes carry a key. */
  readonly isKeyed: boolean
  readonly experience: Experience
  /** Waits for a server that listens. After a crash it is another one. */
  readonly findServer: () => Promise<Target>
  /** Asked between steps. */
  readonly isOver: () => boolean
}

type SignedIn = Credentials & Tokens

export function noExperience(): Experience {
  const none = { ended: [], accessTokens: [], wronged: [], answered: 0, unavailable: 0, lost: 0 }
  return { passwords: new Map(), live: new Map(), ...none }
}

/** Users that sign up, refresh, change their password, sign out and in, one after another. */
export async function liveHonestly(client: HonestClient): Promise<void> {
  for (let life = 1; !client.isOver(); life++) {
    const email = `${client.name}-${life}@example.com`
    const user = await signUp(client, { email, password: `the first of ${email}` })
    await useForLong(client, user)
  }
}

async function useForLong(client: HonestClient, user: SignedIn): Promise<void> {
  const steps = [refreshed, refreshed, withNewPassword, refreshed, backAgain, refreshed]
  let current = user
  for (const step of steps) {
    if (client.isOver()) return
    current = await step(client, current)
  }
}

async function signUp(client: HonestClient, credentials: Credentials): Promise<SignedIn> {
  const body = { ...credentials, transport: 'body' }
  const { answer, tries } = await insist(client, (target) => post(target, '/register', body))
  client.experience.passwords.set(credentials.email, credentials.password)
  // The answer to the first try was lost.
  if (answer.status === 409 && tries > 1) return await signInAgain(client, credentials)
  return remember(client, credentials, answer)
}

async function signInAgain(client: HonestClient, credentials: Credentials): Promise<SignedIn> {
  const { answer } = await insist(client, (target) => login(target, credentials))
  return remember(client, credentials, answer)
}

async function refreshed(client: HonestClient, user: SignedIn): Promise<SignedIn> {
  const key = client.isKeyed ? `key-of-${user.refreshToken.slice(-40)}` : undefined
  const { answer } = await insist(client, (target) => refresh(target, user.refreshToken, key))
  return remember(client, user, answer)
}

async function withNewPassword(client: HonestClient, user: SignedIn): Promise<SignedIn> {
  const { password, email } = user
  const changed = { email, password: `the one after ${password}` }
  const body = { currentPassword: password, newPassword: changed.password, transport: 'body' }
  const { answer, tries } = await insist(client, (target) =>
    callAs(user, target, '/password/change', { method: 'POST', body }),
  )
  // The clock of the server has moved since the token was issued.
  if (isOutOfTime(answer)) return await withNewPassword(client, await refreshed(client, user))
  forget(client, user)
  client.experience.passwords.set(email, changed.password)
  // The answer to the first try was lost, and what it changed has ended this session.
  if (answer.status === 401 && tries > 1) return await signInAgain(client, changed)
  return remember(client, changed, answer)
}

function isOutOfTime({ status, body }: Answer): boolean {
  const code = body?.['code']
  return status === 401 && (code === 'TOKEN_EXPIRED' || code === 'TOKEN_INVALID')
}

async function backAgain(client: HonestClient, user: SignedIn): Promise<SignedIn> {
  const { refreshToken } = user
  const { answer } = await insist(client, (target) => post(target, '/logout', { refreshToken }))
  if (answer.status !== 200) client.experience.wronged.push(`logout: ${answer.status}`)
  forget(client, user)
  return await signInAgain(client, user)
}

/** Sends a request until there is an answer, each time the very same. */
async function insist(
  client: HonestClient,
  send: (target: Target) => Promise<Answer>,
): Promise<{ answer: Answer; tries: number }> {
  for (let tries = 1; ; tries++) {
    const target = await client.findServer()
    try {
      const answer = await send(target)
      client.experience.answered += 1
      if (answer.status !== 503) return { answer, tries }
      client.experience.unavailable += 1
    } catch (error) {
      // What `fetch` rejects with when a connection is refused or breaks.
      if (!(error instanceof TypeError)) throw error
      client.experience.lost += 1
    }
    await sleep(10)
  }
}

function remember(
  { experience }: HonestClient,
  credentials: Credentials,
  answer: Answer,
): SignedIn {
  if (answer.status >= 400) {
    const { email } = credentials
    experience.wronged.push(`${email}: ${answer.status} ${String(answer.body?.['code'])}`)
  }
  const tokens = tokensOf(answer)
  experience.live.set(tokens.sessionId, tokens.refreshToken)
  experience.accessTokens.push(tokens.accessToken)
  const { email, password } = credentials
  return { email, password, ...tokens }
}

function forget({ experience }: HonestClient, { sessionId, refreshToken }: SignedIn): void {
  experience.live.delete(sessionId)
  experience.ended.push(refreshToken)
}
