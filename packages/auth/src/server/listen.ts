import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { createServer as createHttpServer, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { Auth } from '../app/create-auth.ts'
import { StartupError } from '../base/startup-error.ts'
import type { Logger } from '../ports/logger.ts'
import { nodeHandler } from './node-handler.ts'
import type { ServerSettings } from './server-environment.ts'

// A caller that is slower than this is not one of ours (milliseconds). Node looks for such
// callers only so often, by default every 30 seconds.
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 1000,
}

/** How long requests under way may take to finish when the server stops (milliseconds). */
const stopGraceMs = 10_000
const idleCheckMs = 50

/** How often the files of the certificate are looked at (milliseconds). */
const certificatePollMs = 1000

type TlsFiles = NonNullable<ServerSettings['tls']>

/** A server that listens. */
export interface Listening {
  readonly address: AddressInfo
  /** Takes no new requests, lets those under way finish, then resolves. */
  stop(): Promise<void>
}

/**
 * Serves an authority over HTTP, or HTTPS when there is a certificate.
 *
 * @throws {StartupError} The port is taken or may not be used, or the certificate is no good.
 */
export async function listen(
  deps: { readonly auth: Pick<Auth, 'handler' | 'issuer'>; readonly log: Logger },
  { port, host, tls }: Pick<ServerSettings, 'port' | 'host' | 'tls'>,
): Promise<Listening> {
  const handle = nodeHandler(deps.auth)
  const server = tls ? createTlsServer(deps.log, tls) : createHttpServer(limits)
  const lastAnswers = sayCloseWhenStopping(server)
  server.on('request', (request, response) => void handle(request, response))
  await opened(server, { port, host })
  return {
    address: server.address() as AddressInfo,
    stop() {
      lastAnswers()
      return stopped(server)
    },
  }
}

function createTlsServer(log: Logger, files: TlsFiles): HttpsServer {
  const server = createHttpsServer({ ...limits, ...readTlsFiles(files), minVersion: 'TLSv1.2' })
  // A renewed certificate is taken up without a restart. One that is half written, or has no
  // key yet, is left alone until a file changes again.
  const reload = () => {
    try {
      server.setSecureContext(readTlsFiles(files))
      log.info({ event: 'tls.reloaded' }, 'certificate reloaded')
    } catch (error) {
      log.warn({ event: 'tls.reload_failed', detail: String(error) }, 'certificate kept')
    }
  }
  // By name, again and again: renewals rename files and move links, and an event tells only
  // of the file that had the name before.
  const paths = Object.values(files)
  for (const path of paths) {
    watchFile(path, { interval: certificatePollMs, persistent: false }, reload)
  }
  server.on('close', () => {
    for (const path of paths) unwatchFile(path, reload)
  })
  return server
}

function readTlsFiles({ certFile, keyFile }: TlsFiles): { cert: Buffer; key: Buffer } {
  try {
    const pair = { cert: readFileSync(certFile), key: readFileSync(keyFile) }
    createSecureContext(pair)
    return pair
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? cause.code : 'unreadable'
    throw new StartupError(
      [
        `The certificate ${certFile} and the key ${keyFile} cannot be used (${String(reason)}). Set TLS_CERT_FILE and TLS_KEY_FILE to a certificate and its own key, both in PEM.`,
      ],
      { cause },
    )
  }
}

function opened(server: Server, { port, host }: { port: number; host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new StartupError([listenProblem(cause, { port, host })], { cause })),
    )
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function listenProblem(
  { code }: NodeJS.ErrnoException,
  { port, host }: { port: number; host: string },
): string {
  if (code === 'EADDRINUSE') return `Port ${port} is in use. Stop what uses it, or set PORT.`
  if (code === 'EACCES') return `Port ${port} may not be used. Set PORT to 1024 or above.`
  return `Cannot listen on ${host}:${port} (${code}). Set HOST and PORT.`
}

/**
 * From when what is returned is called, answers tell that their connection ends with them (RFC 9112
 * §9.6): who asks again without a pause would keep it busy until the grace is over.
 */
function sayCloseWhenStopping(server: Server): () => void {
  const open = new Set<ServerResponse>()
  let isStopping = false
  server.on('request', (_, response) => {
    if (isStopping) response.setHeader('connection', 'close')
    open.add(response)
    response.on('close', () => open.delete(response))
  })
  return () => {
    isStopping = true
    for (const response of open) {
      if (!response.headersSent) response.setHeader('connection', 'close')
    }
  }
}

async function stopped(server: Server): Promise<void> {
  const impatience = setTimeout(() => server.closeAllConnections(), stopGraceMs)
  // With its answer a connection falls idle, and would stay open for another request.
  const tidying = setInterval(() => server.closeIdleConnections(), idleCheckMs)
  await new Promise<void>((resolve) => server.close(() => resolve()))
  clearInterval(tidying)
  clearTimeout(impatience)
}
