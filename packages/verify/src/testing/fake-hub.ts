import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request to the hub, taken apart. */
export interface HubCall {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly authorization: string | undefined
  readonly body: string
}

/** What the hub says: a body as JSON or text, or what it does with the connection. */
export interface HubReply {
  readonly status?: number
  readonly json?: object
  readonly text?: string
  readonly delayMs?: number
  /** Nothing ever comes. */
  readonly silent?: true
  /** The connection is cut after half of the body. */
  readonly cut?: true
}

export interface FakeHub {
  readonly url: string
  readonly calls: readonly HubCall[]
  /** Answers from now on. */
  answer(reply: (call: HubCall) => HubReply): void
  close(): Promise<void>
}

/** A hub over real HTTP that says what a test wants. */
export async function fakeHub(): Promise<FakeHub> {
  const calls: HubCall[] = []
  let script: (call: HubCall) => HubReply = () => ({ status: 500 })
  const server = createServer((request, response) => {
    void readCall(request).then((call) => {
      calls.push(call)
      reply(response, script(call))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    answer(next) {
      script = next
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readCall(request: IncomingMessage): Promise<HubCall> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://hub')
  let body = ''
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) body += chunk
  const { authorization } = request.headers
  return { path: pathname, query: Object.fromEntries(searchParams), authorization, body }
}

function reply(response: ServerResponse, { status = 200, json, text, ...how }: HubReply): void {
  if (how.silent) return
  const body = text ?? JSON.stringify(json ?? {})
  response.writeHead(status, { 'content-length': Buffer.byteLength(body) })
  if (how.cut) {
    response.write(body.slice(0, body.length / 2), () => response.destroy())
    return
  }
  setTimeout(() => response.end(body), how.delayMs ?? 0)
}
