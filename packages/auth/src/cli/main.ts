import { Command } from 'commander'
import { version } from '../app/version.ts'
import { StartupError } from '../base/startup-error.ts'
import { serveCommand } from './serve-command.ts'

const program = new Command('countersign')
  .description('JWT authentication and authorization for Node.js back ends.')
  .version(version)
  .showHelpAfterError('Run with --help to see what there is.')
  .addCommand(serveCommand())

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof StartupError)) throw error
  for (const problem of error.problems) process.stderr.write(`error: ${problem}\n`)
  process.exitCode = 1
}
