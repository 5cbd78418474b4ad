/** Where a server is reached. */
export interface Target {
  /** Without a slash at the end. */
  readonly url: string
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Parsed; `null` when there is none. */
  readonly body: Record<string, unknown> | null
}

export interface Call {
  readonly method?: string
  readonly body?: unknown
  /** Sent as bearer. */
  readonly accessToken?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What a client keeps of a sign-in or a refresh. */
export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
  readonly sessionId: string
}

export interface Credentials {
  readonly email: string
  readonly password: string
}

/** Calls a path of a server. Rejects when the connection fails. */
export async function call({ url }: Target, path: string, request: Call = {}): Promise<Answer> {
  const { method = 'GET', body, accessToken, headers } = request
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? null : (JSON.parse(text) as Record<string, unknown>),
  }
}

/** Posts to an endpoint below `/api/auth`. */
export function post(target: Target, path: string, body: object, more?: Call): Promise<Answer> {
  return call(target, `/api/auth${path}`, { method: 'POST', body, ...more })
}

/** As {@link call}, below `/api/auth`, as a signed-in user. */
export function callAs(
  { accessToken }: Pick<Tokens, 'accessToken'>,
  target: Target,
  path: string,
  request: Call = {},
): Promise<Answer> {
  return call(target, `/api/auth${path}`, { accessToken, ...request })
}

export function login(target: Target, { email, password }: Credentials): Promise<Answer> {
  return post(target, '/login', { email, password, transport: 'body' })
}

/** @param key `Idempotency-Key`. */
export function refresh(target: Target, refreshToken: string, key?: string): Promise<Answer> {
  const headers = key === undefined ? {} : { 'idempotency-key': key }
  return post(target, '/refresh', { refreshToken }, { headers })
}

/** Creates a user and signs them in. Throws when that fails. */
export async function register(
  target: Target,
  { email, password }: Credentials,
): Promise<Tokens & { readonly userId: string }> {
  const answer = await post(target, '/register', { email, password, transport: 'body' })
  const { user } = answer.body as { user?: { id: string } }
  return { ...tokensOf(answer), userId: user?.id ?? '' }
}

/** Signs in. Throws when that fails. */
export async function signIn(target: Target, credentials: Credentials): Promise<Tokens> {
  return tokensOf(await login(target, credentials))
}

/** The tokens of an answer. Throws when it is a refusal. */
export function tokensOf({ status, body }: Answer): Tokens {
  if (status >= 400) throw new Error(`refused: ${status} ${String(body?.['code'])}`)
  const { accessToken, refreshToken, sessionId } = body as unknown as Tokens
  return { accessToken, refreshToken, sessionId }
}
