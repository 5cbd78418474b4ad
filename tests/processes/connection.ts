import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import type { Target } from './client.ts'

/** A connection to a server on which a test says byte for byte what it wants. */
export interface Connection {
  write(text: string): void
  /** Waits until what has come back matches. */
  receives(pattern: RegExp): Promise<string>
  /** Settles when the other side has closed or reset it. @returns All that came back. */
  readonly closed: Promise<string>
}

export async function connect({ url }: Target): Promise<Connection> {
  const { hostname, port } = new URL(url)
  const socket = connectSocket(Number(port), hostname)
  await once(socket, 'connect')
  let received = ''
  let arrived = Promise.withResolvers<void>()
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text
    arrived.resolve()
    arrived = Promise.withResolvers()
  })
  socket.on('error', () => {}) // A reset closes it, which is what tests look at.
  const closed = once(socket, 'close').then(() => received)
  return {
    closed,
    write: (text) => void socket.write(text),
    async receives(pattern) {
      while (!pattern.test(received)) {
        // Not `once(socket, 'data')`: a failed write would end the wait before what has come is read.
        await Promise.race([arrived.promise, closed])
        if (socket.destroyed && !pattern.test(received)) throw new Error(`closed: ${received}`)
      }
      return received
    },
  }
}

/**
 * Sends all of a request but the end of its body.
 *
 * @returns Once the server has read the headers: the connection, and the rest of the body.
 */
export async function beginRequest(
  target: Target,
  path: string,
  body: object,
): Promise<{ connection: Connection; rest: string }> {
  const connection = await connect(target)
  const text = JSON.stringify(body)
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    `Content-Length: ${text.length}`,
    'Expect: 100-continue',
  ]
  connection.write(`${head.join('\r\n')}\r\n\r\n`)
  await connection.receives(/^HTTP\/1\.1 100 /)
  connection.write(text.slice(0, 10))
  return { connection, rest: text.slice(10) }
}
