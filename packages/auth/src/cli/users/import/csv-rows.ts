import { parse } from 'csv-parse/sync'
import { Refusal } from '../../refusal.ts'
import { columnsFor, type FieldPlan } from './source-fields.ts'
import type { SourceRow } from './source-row.ts'
import type { TextLine } from './text-lines.ts'

/** How many lines a record may take. A quote that is not closed must not swallow the file. */
const maxRecordLines = 50

/**
 * Reads CSV (RFC 4180) whose first line names the columns. Fields may hold line breaks.
 *
 * A record that cannot be read is one line that is reported: reading goes on with the next one,
 * even if a quote was opened and not closed.
 *
 * @throws {Refusal} The first line names no columns, or not those that are needed.
 */
export async function* csvRows(
  blocks: AsyncIterable<readonly TextLine[]>,
  plan: Pick<FieldPlan, 'format' | 'map'>,
): AsyncGenerator<SourceRow[]> {
  let lines: readonly TextLine[] = []
  let columns: readonly string[] | null = null
  for await (const block of blocks) {
    lines = lines.length === 0 ? block : [...lines, ...block]
    if (columns === null) {
      columns = readHeader(lines[0])
      requireColumns(columns, plan)
      lines = lines.slice(1)
    }
    const { rows, rest } = readRecords(lines, columns, { isEnd: false })
    lines = rest
    yield rows
  }
  if (columns === null) throw new Refusal('The file is empty.')
  yield readRecords(lines, columns, { isEnd: true }).rows
}

function readHeader(line: TextLine | undefined): readonly string[] {
  const [columns = []] = parseCsv([line?.text ?? '']) ?? []
  const names = columns.map((name) => name.trim())
  if (names.length < 2 || names.includes('')) {
    throw new Refusal(
      'The first line does not name columns with commas between, such as email,password,createdAt.',
    )
  }
  const double = names.find((name, index) => names.indexOf(name) !== index)
  if (double !== undefined) throw new Refusal(`Two columns are called ${double}.`)
  return names
}

function requireColumns(columns: readonly string[], plan: Pick<FieldPlan, 'format' | 'map'>): void {
  const mapped = Object.values(plan.map).filter((column) => column !== null)
  const missing = mapped.find((column) => !columns.includes(column))
  const there = `There are: ${columns.join(', ')}.`
  if (missing !== undefined) throw new Refusal(`There is no column ${missing}. ${there}`)
  if (columnsFor('email', plan).some((column) => columns.includes(column))) return
  throw new Refusal(`There is no column email: name another with --map email=…. ${there}`)
}

interface Records {
  readonly rows: SourceRow[]
  /** Lines of a record that may go on in the next block. */
  readonly rest: readonly TextLine[]
}

function readRecords(
  lines: readonly TextLine[],
  columns: readonly string[],
  { isEnd }: { readonly isEnd: boolean },
): Records {
  const rows: SourceRow[] = []
  let single: TextLine[] = []
  const flush = () => {
    rows.push(...parseSingle(single, columns))
    single = []
  }
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]
    if (!line) break
    const length = line.text.includes('"') ? recordLength(lines, at) : 1
    if (length === null && !isEnd && lines.length - at < maxRecordLines) {
      flush()
      return { rows, rest: lines.slice(at) }
    }
    if (length === 1) {
      single.push(line)
      at += 1
      continue
    }
    flush()
    const row =
      length === null ? notClosed(line) : parseSeveral(lines.slice(at, at + length), columns)
    rows.push(row)
    // Of several lines that are no record only the first is to blame.
    at += 'problem' in row ? 1 : (length ?? 1)
  }
  flush()
  return { rows, rest: [] }
}

/**
 * How many lines a record has: quotes come in pairs, an escaped one is two. `null` when it has no
 * end in sight.
 */
function recordLength(lines: readonly TextLine[], at: number): number | null {
  let quotes = 0
  for (let length = 1; length <= maxRecordLines; length += 1) {
    const line = lines[at + length - 1]
    if (!line || line.problem !== null) return null
    quotes += line.text.split('"').length - 1
    if (quotes % 2 === 0) return length
  }
  return null
}

function notClosed({ number: line, problem }: TextLine): SourceRow {
  return { line, problem: problem ?? 'A quote is opened and not closed.' }
}

/**
 * Parses records of a line each: together, as that is fast; one by one if there is a mistake.
 * Without quotes, what is between commas is what was meant.
 */
function parseSingle(lines: readonly TextLine[], columns: readonly string[]): SourceRow[] {
  const filled = lines.filter(({ text, problem }) => problem !== null || text.trim() !== '')
  const quoted = filled.filter(({ text }) => text.includes('"'))
  const records = parseCsv(quoted.map(({ text }) => text))
  const areAllRead = records?.length === quoted.length
  let next = 0
  return filled.map((line) => {
    if (!line.text.includes('"')) return toRow(line, line.text.split(','), columns)
    const values = areAllRead ? records[next] : onlyRecord([line])
    next += 1
    return toRow(line, values, columns)
  })
}

function parseSeveral(lines: readonly TextLine[], columns: readonly string[]): SourceRow {
  const [first] = lines
  if (!first) throw new Error('A record has lines.')
  return toRow(first, onlyRecord(lines), columns)
}

function onlyRecord(lines: readonly TextLine[]): readonly string[] | undefined {
  const records = parseCsv([lines.map(({ text }) => text).join('\n')])
  return records?.length === 1 ? records[0] : undefined
}

function toRow(
  { number: line, problem }: TextLine,
  values: readonly string[] | undefined,
  columns: readonly string[],
): SourceRow {
  if (problem !== null) return { line, problem }
  if (!values) return { line, problem: 'The quotes of this line make no sense.' }
  if (values.length !== columns.length) {
    return { line, problem: `There are ${values.length} values for ${columns.length} columns.` }
  }
  return { line, record: Object.fromEntries(columns.map((name, index) => [name, values[index]])) }
}

/** @returns `null` when there is a mistake in any of them. */
function parseCsv(records: readonly string[]): string[][] | null {
  try {
    return parse(records.join('\n'), { record_delimiter: '\n', relax_column_count: true })
  } catch {
    return null
  }
}
