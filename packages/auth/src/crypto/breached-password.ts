import { createHash } from 'node:crypto'
import type { BreachedRange } from '../ports/breached-passwords.ts'

const prefixLength = 5

/**
 * Whether a password is in a published breach.
 *
 * @throws {Error} It cannot be told now.
 */
export async function isBreached(findRange: BreachedRange, password: string): Promise<boolean> {
  // What the service is indexed by; nothing is protected with it here.
  const hash = createHash('sha1').update(password).digest('hex').toUpperCase()
  const range = await findRange(hash.slice(0, prefixLength))
  return range.split(/\r?\n/).some((line) => {
    const [rest, count] = line.split(':')
    // Padding has the count 0.
    return rest === hash.slice(prefixLength) && count !== '0'
  })
}
