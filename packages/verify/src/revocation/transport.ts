import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  request as requestHttp,
} from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'

/** A request to a hub. */
export interface HubRequest {
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  /** With it the method is POST, and the body a form. */
  readonly form?: URLSearchParams
  /** From the start to the last byte of the answer. */
  readonly timeoutMs: number
  readonly maxBytes: number
}

export interface HubAnswer {
  readonly status: number
  readonly text: string
}

/** Sends requests over kept connections that do not keep the process alive. */
export interface Transport {
  /** @throws {Error} No complete answer in time, or too long a one. */
  send(request: HubRequest): Promise<HubAnswer>
  close(): void
}

// Not `fetch`: a request of its that waits keeps the process alive, and a feed always waits.
export function createTransport(): Transport {
  const options = { keepAlive: true, maxSockets: 16 }
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) }
  return {
    send: (request) => send(agents, request),
    close() {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

interface Agents {
  readonly 'http:': HttpAgent
  readonly 'https:': HttpsAgent
}

function send(agents: Agents, input: HubRequest): Promise<HubAnswer> {
  return new Promise((resolve, reject) => {
    const request = startRequest(agents, input)
    const timer = setTimeout(() => {
      request.destroy(new Error(`no answer within ${input.timeoutMs} ms`))
    }, input.timeoutMs)
    timer.unref()
    request.on('socket', (socket) => socket.unref())
    request.on('close', () => clearTimeout(timer))
    request.on('error', reject)
    request.on('response', (response) => void read(response, input.maxBytes).then(resolve, reject))
    request.end(input.form?.toString())
  })
}

function startRequest(agents: Agents, { url, headers, form }: HubRequest): ClientRequest {
  const options = {
    method: form ? 'POST' : 'GET',
    headers: {
      accept: 'application/json',
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    },
  }
  return url.protocol === 'https:'
    ? requestHttps(url, { ...options, agent: agents['https:'] })
    : requestHttp(url, { ...options, agent: agents['http:'] })
}

async function read(response: IncomingMessage, maxBytes: number): Promise<HubAnswer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxBytes) throw new Error(`an answer of more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  // Redirects are not followed: the credentials are for the hub that was named.
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }
}
