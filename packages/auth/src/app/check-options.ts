import { secretProblem } from '@countersign/verify'
import { StartupError } from '../base/startup-error.ts'
import { parseApplicationSecret } from '../crypto/application-secret.ts'
import { parseTrustProxy } from '../throttle/trust-proxy.ts'
import { openMailTemplates } from './mail-templates.ts'
import { missingSecret } from './open-secrets.ts'
import { type OptionRow, optionList } from './option-list.ts'
import type { AuthOptions } from './options.ts'

const withoutRow: ReadonlySet<string> = new Set(['production', 'ports'])

/**
 * Finds everything that is wrong or unsafe in options.
 *
 * @param given As written in code or read from the environment. Not changed.
 * @param earlier What whoever read them found wrong already.
 * @throws {StartupError} With every problem at once, each with how to mend it.
 */
export function checkOptions(given: AuthOptions, earlier: readonly string[] = []): void {
  const problems = [
    ...earlier,
    ...unknownOptions(given),
    ...optionList.flatMap((row) => wrongValue(row, given[row.option])),
    ...wrongSecrets(given),
    ...wrongProxies(given),
    ...wrongProduction(given),
    ...wrongTogether(given),
  ]
  if (problems.length > 0) throw new StartupError(problems)
}

/** Whether the conveniences of development are off. */
export function isProduction(given: AuthOptions): boolean {
  return given.production ?? process.env['NODE_ENV'] === 'production'
}

function unknownOptions(given: AuthOptions): string[] {
  const known = new Set<string>(optionList.map((row) => row.option))
  return Object.keys(given)
    .filter((name) => !known.has(name) && !withoutRow.has(name))
    .map((name) => `${name} is not an option. Look for a typing error.`)
}

function wrongValue({ option, variable, kind, isSecret }: OptionRow, value: unknown): string[] {
  if (value === undefined || kind.isValid(value)) return []
  const shown = isSecret ? '' : `, not ${typeof value === 'number' ? value : JSON.stringify(value)}`
  return [`${variable} (${option}) must be ${kind.accepts}${shown}.`]
}

function wrongSecrets(given: AuthOptions): string[] {
  const { secret, previousSecret, accessTokenSecret, signingAlgorithm } = given
  const problems = [
    ...reasons(() => parseSecret('COUNTERSIGN_SECRET', secret)),
    ...reasons(() => parseSecret('COUNTERSIGN_SECRET_PREVIOUS', previousSecret)),
  ]
  if (signingAlgorithm !== 'HS256') {
    if (accessTokenSecret !== undefined) {
      problems.push('ACCESS_TOKEN_SECRET is only used with SIGNING_ALG=HS256. Remove one of them.')
    }
    return problems
  }
  if (accessTokenSecret === undefined) {
    problems.push(
      'SIGNING_ALG=HS256 needs ACCESS_TOKEN_SECRET. Make one with: openssl rand -base64 48',
    )
    return problems
  }
  if (accessTokenSecret === secret) {
    problems.push(
      'ACCESS_TOKEN_SECRET must not be COUNTERSIGN_SECRET: another service knows it. Make one with: openssl rand -base64 48',
    )
  }
  const problem = secretProblem(accessTokenSecret)
  if (problem !== null) {
    problems.push(`ACCESS_TOKEN_SECRET ${problem}. Make one with: openssl rand -base64 48`)
  }
  return problems
}

function wrongProduction({ production }: AuthOptions): string[] {
  if (production === undefined || typeof production === 'boolean') return []
  return ['production must be true or false. Default: whether NODE_ENV is production.']
}

function wrongProxies({ trustProxy }: AuthOptions): string[] {
  if (typeof trustProxy !== 'string') return []
  return reasons(() => parseTrustProxy(trustProxy)).map((reason) => `TRUST_PROXY: ${reason}.`)
}

function wrongTogether(given: AuthOptions): string[] {
  const problems: string[] = []
  if (isPostgres(given.database) && given.secret === undefined) problems.push(missingSecret)
  if (isProduction(given) && given.rateLimits === 'off') {
    problems.push('RATE_LIMITS=off is for load tests and refused in production. Remove it.')
  }
  if (given.signingAlgorithm === 'HS256') problems.push(...forOthersToVerify(given))
  problems.push(...wrongMail(given))
  const { accessTokenSeconds = 900, refreshTokenSeconds = 604_800 } = given
  const areNumbers = Number.isInteger(accessTokenSeconds) && Number.isInteger(refreshTokenSeconds)
  if (areNumbers && accessTokenSeconds >= refreshTokenSeconds) {
    problems.push('ACCESS_TOKEN_EXPIRY must be shorter than REFRESH_TOKEN_EXPIRY.')
  }
  return problems
}

function wrongMail(given: AuthOptions): string[] {
  const { smtpUrl, mailFrom, emailVerification, ports, mailTemplates } = given
  const problems = reasons(() => openMailTemplates(mailTemplates))
  if (smtpUrl !== undefined && mailFrom === undefined) {
    problems.push('SMTP_URL needs MAIL_FROM: the address mail comes from.')
  }
  const isNowhere = smtpUrl === undefined && ports?.mail === undefined && isProduction(given)
  if (emailVerification === 'required' && isNowhere) {
    problems.push('EMAIL_VERIFICATION=required needs SMTP_URL in production: nobody could sign in.')
  }
  return problems
}

/** What is published for services that have public keys alone. */
function forOthersToVerify({ statusList, securityEvents }: AuthOptions): string[] {
  const wanted = [
    statusList === 'on' && 'STATUS_LIST',
    securityEvents === 'on' && 'SECURITY_EVENTS',
  ]
  return wanted
    .filter((variable) => variable !== false)
    .map(
      (variable) =>
        `${variable}=on needs an algorithm that others can verify. Set SIGNING_ALG to ES256, or ${variable} to off.`,
    )
}

function isPostgres(database: unknown): boolean {
  return typeof database === 'string' && database.startsWith('postgres')
}

function parseSecret(name: string, text: unknown): void {
  if (typeof text === 'string') parseApplicationSecret({ name, text })
}

function reasons(check: () => unknown): string[] {
  try {
    check()
    return []
  } catch (error) {
    if (error instanceof StartupError) return [...error.problems]
    if (error instanceof TypeError) return [error.message]
    throw error
  }
}
