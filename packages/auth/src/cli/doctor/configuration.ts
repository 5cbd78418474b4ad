import { checkOptions } from '../../app/check-options.ts'
import { readEnvironment } from '../../app/environment.ts'
import type { AuthOptions } from '../../app/options.ts'
import { defaultDatabase, toSettings } from '../../app/settings.ts'
import { StartupError } from '../../base/startup-error.ts'
import type { Settings } from '../../features/deps.ts'
import { readServerEnvironment, type ServerSettings } from '../../server/server-environment.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What the environment says, as far as it can be read. */
export interface Configuration {
  readonly environment: Environment
  readonly options: AuthOptions & { readonly database: string; readonly production: boolean }
  readonly server: ServerSettings
  /** `null` while anything is wrong. */
  readonly settings: Settings | null
  /** What keeps the server from starting. */
  readonly problems: readonly string[]
}

/** Reads everything the server would read, and collects what is wrong. */
export function readConfiguration(environment: Environment): Configuration {
  const read = readEnvironment(environment)
  const server = readServerEnvironment(environment, { isTerminal: false })
  const production = environment['NODE_ENV'] === 'production'
  const database = read.options.database ?? defaultDatabase
  const options = { ...read.options, database, production }
  const problems = problemsOf(options, [...read.problems, ...server.problems])
  return {
    environment,
    options,
    server: server.settings,
    settings: problems.length === 0 ? toSettings(options) : null,
    problems,
  }
}

function problemsOf(options: AuthOptions, earlier: readonly string[]): readonly string[] {
  try {
    checkOptions(options, earlier)
    return []
  } catch (error) {
    if (error instanceof StartupError) return error.problems
    throw error
  }
}
