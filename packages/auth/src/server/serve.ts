import { startAuth } from '../app/create-auth.ts'
import { readEnvironment } from '../app/environment.ts'
import { openDeps } from '../app/open-deps.ts'
import type { Logger } from '../ports/logger.ts'
import { type Listening, listen } from './listen.ts'
import { createLogger } from './logger.ts'
import { readServerEnvironment } from './server-environment.ts'

/** A server, running until it is stopped. */
export interface Serving {
  readonly issuer: string
  readonly basePath: string
  readonly docs: boolean
  readonly listening: Listening
  readonly log: Logger
  /** Finishes what is under way and lets go of the database. */
  stop(): Promise<void>
}

/**
 * Starts the standalone server with what the environment says.
 *
 * @throws {StartupError} With every problem at once.
 */
export async function serve(
  environment: Readonly<Record<string, string | undefined>>,
  { isTerminal }: { isTerminal: boolean },
): Promise<Serving> {
  const { options, problems } = readEnvironment(environment)
  const server = readServerEnvironment(environment, { isTerminal })
  const { logLevel: level, logFormat: format } = server.settings
  const log = createLogger({ level, format })
  const deps = await openDeps({ ...options, ports: { log } }, [...problems, ...server.problems])
  const auth = startAuth(deps)
  const listening = await listen({ auth, log }, server.settings).catch(async (error: unknown) => {
    await auth.close()
    throw error
  })
  const { issuer, basePath, docs } = deps.settings
  return {
    issuer,
    basePath,
    docs,
    listening,
    log,
    async stop() {
      const idle = listening.stop()
      deps.hub.releasePolls()
      deps.signals?.releasePolls()
      await idle
      await auth.close()
      log.info({ event: 'server.stopped' }, 'stopped')
    },
  }
}
