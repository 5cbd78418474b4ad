import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What becomes of what goes through: all of it, none of it, or all of it later. */
export type Weather = 'clear' | 'cut' | 'silent' | { readonly delayMs: number }

/** A TCP proxy on loopback that fails as networks do. */
export interface Proxy {
  readonly url: string
  set(weather: Weather): void
  close(): Promise<void>
}

/** @param target Where connections lead, as an http URL. */
export async function openProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  let weather: Weather = 'clear'

  const server = createServer((near) => {
    if (weather === 'cut') {
      near.resetAndDestroy()
      return
    }
    const far = connect(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
      from.on('data', (bytes: Buffer) => forward(bytes, to))
    }
  })

  // What is silent loses bytes: the connection is of no use afterwards, and is cut when it clears.
  function forward(bytes: Buffer, to: Socket): void {
    if (weather === 'silent') return
    if (typeof weather === 'object') setTimeout(() => to.write(bytes), weather.delayMs)
    else to.write(bytes)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set(next) {
      if (next === 'cut' || weather === 'silent')
        for (const socket of open) socket.resetAndDestroy()
      weather = next
    },
    async close() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
