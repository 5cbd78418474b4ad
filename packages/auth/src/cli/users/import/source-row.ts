/** What a file says about one user, under the names that it has there; or why it cannot be read. */
export type SourceRow =
  | { readonly line: number; readonly record: SourceRecord }
  | { readonly line: number; readonly problem: string }

export type SourceRecord = Readonly<Record<string, unknown>>

/** An object of JSON, as opposed to a list, a text or a number. */
export function isRecord(value: unknown): value is SourceRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
