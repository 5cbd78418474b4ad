import { once } from 'node:events'
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Random } from '../../packages/auth/src/ports/random.ts'

/** What a proxy does to requests, as shares of 256. */
export interface Losses {
  /** The request is done, and its answer lost. */
  readonly droppedAnswers: number
  /** A refresh arrives twice, at the same moment: what else is asked for twice is done twice. */
  readonly duplicated: number
}

/** An HTTP proxy on loopback that loses and repeats as networks and balancers do. */
export interface LossyProxy {
  readonly url: string
  readonly counts: { dropped: number; duplicated: number }
  close(): Promise<void>
}

interface Forwarded {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer
}

export async function openLossyProxy(
  target: string,
  { random, losses }: { readonly random: Random; readonly losses: Losses },
): Promise<LossyProxy> {
  const counts = { dropped: 0, duplicated: 0 }
  const draw = () => random.bytes(1)[0] ?? 0

  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await readAll(incoming)
      const send = () => forward(target, incoming, body)
      const isRefresh = incoming.url?.endsWith('/refresh') === true
      const isDuplicated = isRefresh && draw() < losses.duplicated
      if (isDuplicated) {
        counts.duplicated += 1
        void send().catch(() => {})
      }
      const answer = await send()
      if (draw() < losses.droppedAnswers) {
        counts.dropped += 1
        incoming.socket.destroy()
        return
      }
      outgoing.writeHead(answer.status, answer.headers).end(answer.body)
    })().catch(() => incoming.socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function forward(target: string, incoming: IncomingMessage, body: Buffer): Promise<Forwarded> {
  return new Promise((resolve, reject) => {
    const { method, headers, url = '/' } = incoming
    const sent = request(new URL(url, target), { ...(method && { method }), headers }, (answer) => {
      readAll(answer).then(
        (received) =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: received }),
        reject,
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts)
}
