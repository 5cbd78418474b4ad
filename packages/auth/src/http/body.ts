import { AuthError } from '../base/errors.ts'
import { readQuery } from './query.ts'

/** The most a body may hold, in bytes. */
const maxBodyBytes = 64 * 1024

const jsonContentType = /^application\/json(?:\s*;\s*charset="?utf-8"?)?\s*$/i

/**
 * Reads a JSON body. A request without a body reads as an empty object, so that an
 * endpoint whose members are all optional can be called without one.
 *
 * @throws {AuthError} `UNSUPPORTED_MEDIA_TYPE`, `BODY_TOO_LARGE` or `VALIDATION_FAILED`.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const contentType = request.headers.get('content-type')
  if (contentType !== null && !jsonContentType.test(contentType)) {
    throw new AuthError('UNSUPPORTED_MEDIA_TYPE')
  }
  const bytes = await readLimited(request)
  if (bytes.byteLength === 0) return {}
  if (contentType === null) throw new AuthError('UNSUPPORTED_MEDIA_TYPE')
  return parseJson(bytes)
}

const formContentType = /^application\/x-www-form-urlencoded(?:\s*;\s*charset="?utf-8"?)?\s*$/i

/**
 * Reads a form body, as RFC 6749 §3.2 has it: parameters without a value count as left out, none
 * comes twice.
 *
 * @throws {AuthError} `UNSUPPORTED_MEDIA_TYPE`, `BODY_TOO_LARGE` or `VALIDATION_FAILED`.
 */
export async function readFormBody(request: Request): Promise<Record<string, string>> {
  const contentType = request.headers.get('content-type')
  if (contentType !== null && !formContentType.test(contentType)) {
    throw new AuthError('UNSUPPORTED_MEDIA_TYPE')
  }
  const bytes = await readLimited(request)
  if (bytes.byteLength > 0 && contentType === null) throw new AuthError('UNSUPPORTED_MEDIA_TYPE')
  const text = Buffer.from(bytes).toString('utf8')
  const form = readQuery(new URLSearchParams(text))
  for (const [name, value] of Object.entries(form)) if (value === '') delete form[name]
  return form
}

// The length is counted as the bytes arrive: a declared length may be missing or a lie.
async function readLimited(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLarge()
  if (!request.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of request.body as ReadableStream<Uint8Array>) {
      length += chunk.byteLength
      if (length > maxBodyBytes) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof AuthError) throw cause
    throw new AuthError('VALIDATION_FAILED', { detail: 'the body broke off', cause })
  }
  return Buffer.concat(chunks)
}

// The rest of the body is not read, so the connection cannot be used again: say so, or the
// caller's next request on it is lost (RFC 9112 §9.6).
function tooLarge(): AuthError {
  return new AuthError('BODY_TOO_LARGE', { headers: { connection: 'close' } })
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    throw new AuthError('VALIDATION_FAILED', {
      errors: [{ path: '', code: 'INVALID_JSON', message: 'The body is not valid JSON.' }],
    })
  }
}
