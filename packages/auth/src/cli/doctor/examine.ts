import { version } from '../../app/version.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import { readConfiguration } from './configuration.ts'
import { clockFindings } from './key-findings.ts'
import { mailFindings } from './mail-findings.ts'
import { optionFindings } from './option-findings.ts'
import { optionValues } from './option-values.ts'
import type { Finding, Report } from './report.ts'
import { examineStored } from './stored.ts'

/**
 * Looks at everything a server would start with: options, database, secret, keys, clock.
 * Changes nothing: no file is made, no step of the schema applied, no key rotated.
 *
 * @param input.flags Variables of the environment that were given on the command line.
 */
export async function examine(
  ports: { readonly clock: Clock; readonly random: Random },
  input: { readonly environment: NodeJS.ProcessEnv; readonly flags: ReadonlySet<string> },
): Promise<Report> {
  const configuration = readConfiguration(input.environment)
  const { database, keys, findings } = await examineStored(ports, configuration)
  return {
    version,
    node: process.versions.node,
    napi: process.versions.napi ?? 'none',
    options: optionValues(configuration, input.flags),
    database,
    keys,
    findings: errorsFirst([
      ...optionFindings(configuration),
      ...findings,
      ...(await mailFindings(configuration)),
      ...clockFindings(ports.clock.now()),
    ]),
  }
}

function errorsFirst(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (one, other) => Number(other.level === 'error') - Number(one.level === 'error'),
  )
}
