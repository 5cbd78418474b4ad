import pino from 'pino'
import pinoPretty from 'pino-pretty'
import type { Logger } from '../ports/logger.ts'

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]
export type LogFormat = 'pretty' | 'json'

// The last line of defence: nothing above should log these at all.
const secretFields = [
  'password',
  'currentPassword',
  'newPassword',
  'passwordHash',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
]

/** A logger that writes one line per event to standard output, secrets blanked out. */
export function createLogger(settings: { level: LogLevel; format: LogFormat }): Logger {
  const options: pino.LoggerOptions = {
    level: settings.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secretFields.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
  }
  if (settings.format === 'json') return pino(options)
  return pino(options, pinoPretty({ sync: true, ignore: 'requestId', translateTime: 'HH:MM:ss' }))
}
