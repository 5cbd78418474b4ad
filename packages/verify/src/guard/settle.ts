/**
 * Runs what may answer at once or later, and calls exactly one of two continuations: `pass`
 * with the result, `refuse` with what was thrown. Makes no promise of its own when the answer
 * is there at once. What a continuation throws is its caller's.
 */
export function settle<T>(
  run: () => T | Promise<T>,
  pass: (result: T) => void,
  refuse: (error: unknown) => void,
): void | Promise<void> {
  let result: T | Promise<T>
  try {
    result = run()
  } catch (error) {
    refuse(error)
    return
  }
  if (result instanceof Promise) return result.then(pass, refuse)
  pass(result)
}
