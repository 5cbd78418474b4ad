/**
 * One step of the schema's history. Never edited once released; a change is a new step.
 *
 * Code of the release before must run on the schema of this one: a step adds, and what is no
 * longer used is removed a release later.
 */
export interface Migration {
  /** Ordered by place in the list, known by name. */
  readonly name: string
  /** One statement each, applied together or not at all. */
  readonly sqlite: readonly string[]
  /** The same for PostgreSQL, which leads to the same tables. */
  readonly postgresql: readonly string[]
}
