import { Command } from 'commander'
import { type Serving, serve } from '../server/serve.ts'
import { firstSteps } from './first-steps.ts'

/** `countersign serve`: runs until it gets SIGTERM or SIGINT. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Serve the authority over HTTP. Options come from the environment.')
    .option('--port <number>', 'where to listen (PORT)')
    .option('--host <address>', 'on which address (HOST)')
    .action(async ({ port, host }: { port?: string; host?: string }) => {
      const isTerminal = process.stdout.isTTY === true
      const environment: NodeJS.ProcessEnv = {
        ...process.env,
        ...(port && { PORT: port }),
        ...(host && { HOST: host }),
      }
      const serving = await serve(environment, { isTerminal })
      if (environment['NODE_ENV'] !== 'production') process.stderr.write(firstSteps(serving))
      stopOnSignal(serving)
    })
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
