import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a receiver was sent. */
export interface Delivery {
  readonly headers: IncomingHttpHeaders
  readonly token: string
}

/** A receiver of pushed events (RFC 8935) that answers as it is told. */
export interface Receiver {
  readonly url: string
  readonly deliveries: Delivery[]
  /** The status of the next answers, and a body for those that have one. */
  answer(status: number, body?: object): void
  /** From now on it answers nothing. */
  hang(): void
  close(): Promise<void>
}

export async function openReceiver(): Promise<Receiver> {
  const deliveries: Delivery[] = []
  let next: { status: number; body?: object | undefined } | null = { status: 202 }
  const server = createServer((request, response) => {
    let token = ''
    request.setEncoding('utf8').on('data', (part: string) => {
      token += part
    })
    request.on('end', () => {
      deliveries.push({ headers: request.headers, token })
      if (!next) return
      response.writeHead(next.status, { 'content-type': 'application/json' })
      response.end(next.body && JSON.stringify(next.body))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    deliveries,
    answer(status, body) {
      next = { status, body }
    },
    hang() {
      next = null
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
