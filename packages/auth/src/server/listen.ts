import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Auth } from '../app/create-auth.ts'
import { StartupError } from '../base/startup-error.ts'
import type { Logger } from '../ports/logger.ts'
import { nodeHandler } from './node-handler.ts'
import type { ServerSettings } from './server-environment.ts'

// A caller that is slower than this is not one of ours (milliseconds).
const limits = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 10_000 }

/** How long requests under way may take to finish when the server stops (milliseconds). */
const stopGraceMs = 10_000

/** How often the files of the certificate are looked at (milliseconds). */
const certificatePollMs = 1000

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
  server.on('request', (request, response) => void handle(request, response))
  await opened(server, { port, host })
  return { address: server.address() as AddressInfo, stop: () => stopped(server) }
}

function createTlsServer(log: Logger, files: NonNullable<ServerSettings['tls']>): HttpsServer {
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

function readTlsFiles(files: { certFile: string; keyFile: string }): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(files.certFile), key: readFileSync(files.keyFile) }
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

async function stopped(server: Server): Promise<void> {
  const impatience = setTimeout(() => server.closeAllConnections(), stopGraceMs)
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
  clearTimeout(impatience)
}
