import { isRecord, type SourceRow } from './source-row.ts'
import type { TextLine } from './text-lines.ts'

/** Reads an object of JSON from each line. Empty lines are nothing. */
export async function* jsonLineRows(
  blocks: AsyncIterable<readonly TextLine[]>,
): AsyncGenerator<SourceRow[]> {
  for await (const lines of blocks) {
    yield lines.filter(({ text, problem }) => problem !== null || text.trim() !== '').map(toRow)
  }
}

function toRow({ number: line, text, problem }: TextLine): SourceRow {
  if (problem !== null) return { line, problem }
  const record = parseRecord(text)
  return record ? { line, record } : { line, problem: 'This is no object of JSON.' }
}

function parseRecord(text: string) {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}
