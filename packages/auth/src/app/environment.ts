import { optionList } from './option-list.ts'
import type { AuthOptions } from './options.ts'

type Environment = Readonly<Record<string, string | undefined>>

const otherVariables = new Set(['COUNTERSIGN_SECRET', 'COUNTERSIGN_SECRET_PREVIOUS'])

/**
 * Reads options from environment variables. An empty variable counts as not set.
 *
 * @returns What was read, and what could not be: `createAuth` reports both together.
 */
export function readEnvironment(environment: Environment): {
  options: AuthOptions
  problems: string[]
} {
  const options: Record<string, unknown> = {}
  const problems = unknownVariables(environment)
  for (const { option, variable, kind, isSecret } of optionList) {
    const text = environment[variable]?.trim()
    if (!text) continue
    const value = kind.fromText(text)
    if (kind.isValid(value)) {
      options[option] = value
    } else {
      const shown = isSecret ? '' : `, not ${JSON.stringify(text)}`
      problems.push(`${variable} must be ${kind.accepts}${shown}.`)
    }
  }
  const issuer = environment['ISSUER']?.trim() ? null : issuerByPort(environment)
  return { options: issuer ? { ...options, issuer } : options, problems }
}

// Nobody is known to be in front, so the server is reached where it listens, as it listens.
function issuerByPort(environment: Environment): string | null {
  const port = environment['PORT']?.trim() || undefined
  const isTls = Boolean(environment['TLS_CERT_FILE']?.trim())
  if (port === undefined && !isTls) return null
  const address = `${isTls ? 'https' : 'http'}://localhost:${port ?? 4000}`
  return URL.canParse(address) ? new URL(address).origin : null
}

function unknownVariables(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('COUNTERSIGN_') && !otherVariables.has(name))
    .map((name) => `${name} is not a variable of Countersign. Look for a typing error.`)
}
