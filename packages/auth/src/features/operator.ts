import { createHash } from 'node:crypto'
import { isEqualConstantTime } from '../base/constant-time.ts'
import type { Settings } from './deps.ts'

/** Whether a request carries the token of the option `METRICS_TOKEN`. */
export function isOperator(
  headers: Headers,
  { metricsToken }: Pick<Settings, 'metricsToken'>,
): boolean {
  const authorization = headers.get('authorization')
  if (metricsToken === null || authorization === null) return false
  // By their hashes: these are of one length, whatever was sent.
  return isEqualConstantTime(digest(authorization), digest(`Bearer ${metricsToken}`))
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}
