/**
 * Whether a database can keep a text as it is. Text with a lone surrogate has no form in UTF-8:
 * it would come back altered, and two keys could become one. Text with a NUL has none in
 * PostgreSQL.
 */
export function isKeepable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
