import { checkOptions, isProduction } from '../../app/check-options.ts'
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
  readonly options: AuthOptions & { readonly database: string }
  readonly server: ServerSettings
  readonly isProduction: boolean
  /** `null` while anything is wrong. */
  readonly settings: Settings | null
  /** What keeps the server from starting. */
  readonly problems: readonly string[]
}

/** Reads everything the server would read, and collects what is wrong. */
export function readConfiguration(environment: Environment): Configuration {
  const read = readEnvironment(environment)
  const server = readServerEnvironment(environment, { isTerminal: false })
  const options = { ...read.options, database: read.options.database ?? defaultDatabase }
  const problems = problemsOf(options, [...read.problems, ...server.problems])
  return {
    environment,
    options,
    server: server.settings,
    isProduction: isProduction(options),
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
