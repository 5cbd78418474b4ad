/**
 * Countersign does not start like this: wrong or unsafe options, or a database it must
 * not touch. Holds every problem at once, each one line that says how to mend it.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options)
    this.problems = problems
  }
}
