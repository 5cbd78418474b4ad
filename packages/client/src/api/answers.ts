import type { TokenAnswer } from './api-types.ts'
import { ClientError, type FieldError, unreachable } from './client-error.ts'

/** An answer of the authority, read once. */
export interface Answer {
  readonly status: number
  readonly body: unknown
}

const longestBody = 1 << 20

/**
 * Reads an answer. What is not JSON is not the authority's: a proxy or a captive portal was asked.
 *
 * @throws {ClientError} `UNREACHABLE`
 */
export async function readAnswer(response: Response): Promise<Answer> {
  const type = response.headers.get('content-type') ?? ''
  const text = await response.text().catch((cause: unknown) => {
    throw unreachable(cause)
  })
  if (text === '') return { status: response.status, body: null }
  if (!/[/+]json\b/.test(type) || text.length > longestBody) throw unreachable()
  try {
    return { status: response.status, body: JSON.parse(text) as unknown }
  } catch (cause) {
    throw unreachable(cause)
  }
}

/** The error of an answer that is one (RFC 9457). */
export function toError({ status, body }: Answer, response: Response): ClientError {
  const { code, title, errors } = membersOf(body)
  if (typeof code !== 'string' || typeof title !== 'string') return unreachable()
  const after = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new ClientError(code, title, {
    status,
    errors: Array.isArray(errors) ? (errors as FieldError[]) : [],
    retryAfterSeconds: Number.isFinite(after) ? after : null,
  })
}

/** Whether an answer holds tokens, in the types they have. */
export function isTokenAnswer(body: unknown): body is TokenAnswer {
  const { accessToken, expiresIn, sessionId } = membersOf(body)
  return (
    typeof accessToken === 'string' &&
    /^[\w.-]+$/.test(accessToken) &&
    typeof expiresIn === 'number' &&
    expiresIn > 0 &&
    typeof sessionId === 'string'
  )
}

function membersOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
}
