/** Facts of one log line. Never a password, token, hash or key. */
export type LogFields = Readonly<Record<string, unknown>>

/** Where log lines go. pino's loggers fit. */
export interface Logger {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
}
