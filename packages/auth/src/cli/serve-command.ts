import type { Command } from 'commander'
import type { Serving } from '../server/serve.ts'
import { firstSteps } from './first-steps.ts'
import { examples, newCommand } from './new-command.ts'

interface ServeFlags {
  readonly port?: string
  readonly host?: string
  readonly database?: string
}

/** `countersign serve`: runs until it gets SIGTERM or SIGINT. */
export function serveCommand(): Command {
  return newCommand('serve')
    .description('Serve the authority over HTTP. Options come from the environment.')
    .option('--port <number>', 'Where to listen. (PORT)')
    .option('--host <address>', 'On which address. (HOST)')
    .option(
      '--database <url>',
      'The database, such as sqlite:./data/countersign.db. (DATABASE_URL)',
    )
    .addHelpText('after', examples('countersign serve --port 4000'))
    .action(async ({ port, host, database }: ServeFlags) => {
      // Here, because the other commands need none of it.
      const { serve } = await import('../server/serve.ts')
      const isTerminal = process.stdout.isTTY
      const environment: NodeJS.ProcessEnv = {
        ...process.env,
        ...(port && { PORT: port }),
        ...(host && { HOST: host }),
        ...(database && { DATABASE_URL: database }),
      }
      const serving = await serve(environment, { isTerminal })
      // First: whoever reads that the server has started may stop it at once.
      stopOnSignal(serving)
      announce(serving)
      if (environment['NODE_ENV'] !== 'production') process.stderr.write(firstSteps(serving))
    })
}

function announce({ log, listening, issuer }: Serving): void {
  log.info({ event: 'server.started', ...listening.address, issuer }, 'listening')
}

// A second signal means now.
function stopOnSignal(serving: Serving): void {
  let isStopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(130)
    isStopping = true
    serving.log.info({ event: 'server.stopping', signal }, 'stopping')
    void serving.stop().then(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
