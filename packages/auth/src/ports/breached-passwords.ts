/**
 * Asks a service which knows the passwords of published breaches for those whose SHA-1 begins
 * with five characters. It learns no more than these.
 *
 * @returns Lines of the rest of a hash in upper-case hex, a colon, and how often it was seen.
 * @throws {Error} No answer in time.
 * @see https://haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange
 */
export type BreachedRange = (prefix: string) => Promise<string>

const timeoutMs = 1500

export const haveIBeenPwned: BreachedRange = async (prefix) => {
  const answer = await fetch(`https://api.pwnedpasswords.com/range/${prefix}`, {
    // Answers of one length: who listens cannot tell the prefix by it.
    headers: { 'Add-Padding': 'true' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  return answer.text()
}
