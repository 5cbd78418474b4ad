import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'

/** A request as a program sends it: nothing is added that is not said here. */
export interface Call {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it stands, instead of `body`, in one piece with its length or in chunks. */
  readonly bytes?: string | Uint8Array
  readonly chunked?: boolean
  /** An access token. */
  readonly token?: string | undefined
  /** An error nobody expected is the subject: 500 is no violation of the contract. */
  readonly mayFail?: boolean
  /** The application in front answers, not the authority: its answer is its own affair. */
  readonly isForeign?: boolean
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Each `Set-Cookie`. */
  readonly cookies: readonly string[]
  readonly text: string
  /** The body as JSON; `undefined` when it is none. */
  readonly body: unknown
}

/** A request and what it was answered. */
export interface Exchange {
  readonly method: string
  /** From the root, without the query. */
  readonly path: string
  readonly call: Call
  readonly answer: Answer
}

/** Sends requests to one address on loopback, over connections that are kept. */
export interface Client {
  /** @param target From the root, with the query. */
  send(method: string, target: string, call: Call): Promise<Answer>
  close(): void
}

export function createClient(port: number): Client {
  const agent = new Agent({ keepAlive: true })
  return {
    close: () => agent.destroy(),
    send: (method, target, call) =>
      new Promise((resolve, reject) => {
        const payload = payloadOf(call)
        const headers = headersOf(call, payload)
        const sent = request({ agent, host: '127.0.0.1', port, method, path: target, headers })
        sent.on('error', reject)
        sent.on('response', (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const { statusCode = 0, headers } = response
            const text = Buffer.concat(chunks).toString()
            const cookies = headers['set-cookie'] ?? []
            resolve({ status: statusCode, headers, cookies, text, body: parse(text) })
          })
        })
        sent.end(payload)
      }),
  }
}

function payloadOf({ body, bytes }: Call): string | Uint8Array | undefined {
  return bytes ?? (body === undefined ? undefined : JSON.stringify(body))
}

function headersOf(call: Call, payload: string | Uint8Array | undefined): OutgoingHttpHeaders {
  return {
    ...(call.body !== undefined && { 'content-type': 'application/json' }),
    ...(call.token !== undefined && { authorization: `Bearer ${call.token}` }),
    ...(payload !== undefined && framing(call, payload)),
    ...(call.headers as OutgoingHttpHeaders),
  }
}

function framing(call: Call, payload: string | Uint8Array): Record<string, string | number> {
  if (call.chunked) return { 'transfer-encoding': 'chunked' }
  return { 'content-length': Buffer.byteLength(payload) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
