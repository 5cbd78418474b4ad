import type { Verifier } from '@countersign/verify'
import { startSealer } from '../audit/sealer.ts'
import type { Deps, Settings } from '../features/deps.ts'
import { createRouter, type RequestHandler } from '../http/router.ts'
import { isProduction } from './check-options.ts'
import { endpointsFor } from './endpoints.ts'
import { openDeps } from './open-deps.ts'
import type { AuthOptions } from './options.ts'
import { routerSettings } from './router-settings.ts'
import { startUpkeep } from './upkeep.ts'

/** An authority, running: it signs people in and issues tokens. */
export interface Auth {
  /** Answers any request; what is not an endpoint gets 404. */
  readonly handler: RequestHandler
  /**
   * Whether a path belongs to this authority when it is mounted in an app: everything below
   * the base path, and what it publishes under `/.well-known/`.
   */
  owns(pathname: string): boolean
  /** The same as patterns for routers that want them: paths, a `*` at the end for all below. */
  readonly paths: readonly string[]
  /**
   * Verifies this authority's own access tokens, without a network in between. What this process
   * revokes it knows at once, what others revoke within a tenth of a second.
   */
  readonly verifier: Verifier
  readonly issuer: string
  /** Stops the background work and lets go of the database. Requests under way may fail. */
  close(): Promise<void>
}

/**
 * Opens the database, migrates it, loads the keys and is ready to answer.
 *
 * @throws {StartupError} Options that are wrong or unsafe, all of them at once, or a database
 *   that cannot be used.
 */
export function createAuth(options: AuthOptions = {}): Promise<Auth> {
  return openDeps(options, missingIssuer(options)).then(startAuth)
}

// As http://localhost:4000 its cookies would not be Secure, and its tokens nobody's.
function missingIssuer(options: AuthOptions): string[] {
  if (options.issuer !== undefined || !isProduction(options)) return []
  return ['issuer is needed in production: the https origin people and services reach this app at.']
}

/** Builds the handler over what was opened, and starts the background work. */
export function startAuth(deps: Deps): Auth {
  const { settings, stores, hub } = deps
  const handler = createRouter(routerSettings(deps, endpointsFor(settings)))
  const upkeep = startUpkeep(deps)
  // Whoever goes on signing with a key that was given up would sign people out.
  hub.local.on('revoked', ({ kind }) => {
    if (kind === 'key') void deps.keys.reload()
  })
  const published = publishedPaths(settings)
  hub.start()
  deps.signals?.start()
  deps.mailer?.start()
  const sealer = startSealer(deps)
  return Object.freeze({
    handler,
    owns: (pathname: string) =>
      pathname.startsWith(`${settings.basePath}/`) || published.includes(pathname),
    paths: [`${settings.basePath}/*`, ...published],
    verifier: deps.appVerifier,
    issuer: settings.issuer,
    async close() {
      upkeep.stop()
      hub.stop()
      deps.signals?.stop()
      await deps.mailer?.stop()
      await sealer.stop()
      await stores.close()
    },
  })
}

/** What is served outside the base path, where the standards have it. */
function publishedPaths({ securityEvents, metricsToken }: Settings): readonly string[] {
  return [
    '/.well-known/jwks.json',
    '/.well-known/oauth-authorization-server',
    ...(securityEvents ? ['/.well-known/ssf-configuration'] : []),
    ...(metricsToken === null ? [] : ['/metrics']),
  ]
}
