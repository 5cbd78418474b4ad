import { hasSecretFile, secretPath } from '../../app/open-secrets.ts'
import { type OptionRow, optionList } from '../../app/option-list.ts'
import { serverDefaults } from '../../server/server-environment.ts'
import type { Configuration } from './configuration.ts'
import type { OptionValue } from './report.ts'

/**
 * Every option, its value and where that comes from.
 *
 * @param flags Variables that were given on the command line instead.
 */
export function optionValues(
  configuration: Configuration,
  flags: ReadonlySet<string>,
): OptionValue[] {
  const valueOf = (variable: string, standard: string, isSecret = false): OptionValue => {
    const text = configuration.environment[variable]?.trim()
    if (!text) return { variable, value: standard, from: 'default' }
    const value = isSecret && !isPath(variable, text) ? 'set' : text
    return { variable, value, from: flags.has(variable) ? 'command line' : 'environment' }
  }
  const ofServer = Object.entries({ ...serverDefaults, NODE_ENV: 'none' })
  return [
    ...ofServer.map(([variable, standard]) => valueOf(variable, standard)),
    ...optionList.map((row) => valueOf(row.variable, standardOf(row, configuration), row.isSecret)),
  ]
}

// The URL of a server holds a password, and the path of a file does not.
function isPath(variable: string, text: string): boolean {
  return variable === 'DATABASE_URL' && text.startsWith('sqlite:')
}

/** A default, worked out where it follows from other options. */
function standardOf({ option, standard }: OptionRow, { options, settings }: Configuration): string {
  const derived: Partial<Record<OptionRow['option'], string>> = {
    ...(settings && {
      issuer: settings.issuer,
      audience: settings.audience,
      siteName: settings.siteName,
      trustedOrigins: [...settings.trustedOrigins].join(', '),
      docs: settings.docs ? 'on' : 'off',
    }),
    ...(hasSecretFile(options.database) && { secret: secretPath(options.database) }),
  }
  return derived[option] ?? standard
}
