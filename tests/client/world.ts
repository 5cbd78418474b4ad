import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type Client,
  ClientError,
  type ClientOptions,
  createClient,
  type TokenStorage,
} from '@countersign/client'
import { type Auth, createAuth } from 'countersign'
import { nodeHandler } from 'countersign/node'
import { afterEach, beforeEach } from 'vitest'

// A real authority, and clients of it over a network that does what networks do.

let auth: Auth
let server: Server
let clients: Client[] = []

/** Where the authority of the test is. */
export const at = { issuer: '', baseUrl: '' }

beforeEach(async () => {
  server = createServer((request, response) => void handler(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  at.issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  at.baseUrl = `${at.issuer}/api/auth`
  auth = await createAuth({ issuer: at.issuer, database: 'sqlite::memory:', rateLimits: 'off' })
  const handler = nodeHandler(auth)
})

afterEach(async () => {
  for (const client of clients) client.close()
  clients = []
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await auth.close()
})

export const ada = { email: 'ada@example.com', password: 'violet-harbour-lantern' }

/** What happens to a request: let through, or something else. */
export type Network = (
  go: () => Promise<Response>,
  request: { readonly path: string; readonly headers: Headers },
) => Promise<Response>

export const calm: Network = (go) => go()

/** A browser's cookies of one origin, which its tabs share. */
export function cookieJar() {
  const cookies = new Map<string, string>()
  return {
    cookies,
    take(response: Response) {
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (value === '' || /max-age=0/i.test(line)) cookies.delete(name)
        else cookies.set(name, value)
      }
    },
    header: () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
  }
}

export type Jar = ReturnType<typeof cookieJar>

function fetchOver(network: { current: Network }, jar: Jar | null): typeof fetch {
  return (input, init) => {
    const request = new Request(input instanceof Request ? input.clone() : input, init)
    const headers = new Headers(request.headers)
    if (jar && init?.credentials === 'include') {
      headers.set('cookie', jar.header())
      headers.set('origin', at.issuer)
    }
    const go = async () => {
      const response = await fetch(input, { ...init, headers })
      jar?.take(response)
      return response
    }
    return network.current(go, { path: new URL(request.url).pathname, headers })
  }
}

export function memoryStorage(): TokenStorage & { value: string | null } {
  const storage = {
    value: null as string | null,
    get: async () => storage.value,
    set: async (value: string) => {
      storage.value = value
    },
    delete: async () => {
      storage.value = null
    },
  }
  return storage
}

interface Given {
  readonly client: Client
  readonly network: { current: Network }
}

export function given(options: Partial<ClientOptions> & { readonly jar?: Jar } = {}): Given {
  const { jar = null, ...more } = options
  const network = { current: calm }
  const storage = jar ? {} : { storage: memoryStorage() }
  const client = createClient({
    baseUrl: at.baseUrl,
    ...storage,
    fetch: fetchOver(network, jar),
    ...more,
  })
  clients.push(client)
  return { client, network }
}

export const profile = (client: Client) => client.fetch(`${at.baseUrl}/profile`)

export async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  )
  return error instanceof ClientError ? error.code : String(error)
}
