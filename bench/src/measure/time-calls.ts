import type { TokenCheck } from '../rivals/token-check.ts'

/** @returns Milliseconds for checking every token once. */
export async function timeCalls(check: TokenCheck, tokens: readonly string[]): Promise<number> {
  const inputs = tokens.map(check.input) as never[]
  const start = performance.now()
  if (check.answers === 'now') {
    for (const input of inputs) check.call(input)
  } else {
    for (const input of inputs) await check.call(input)
  }
  return performance.now() - start
}
