/** A Markdown table. A `|` in a cell is escaped, code or not. */
export function markdownTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [headings, ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`)
  lines.splice(1, 0, `|${'---|'.repeat(headings.length)}`)
  return lines.join('\n')
}

/** Text as code. */
export function code(text: string): string {
  return `\`${text}\``
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|')
}
