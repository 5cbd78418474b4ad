import { once } from 'node:events'
import { styleText } from 'node:util'
import { printable, printableJson } from './printable.ts'
import { aligned, type Column, headingLine, tabSeparated } from './table.ts'

type Pages<Row> = AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>

/** Writes one line to standard output. */
export function printLine(line: string): Promise<void> {
  return write(`${printable(line)}\n`)
}

/** Writes one JSON document to standard output. */
export function printJson(document: Readonly<Record<string, unknown>>): Promise<void> {
  return write(`${printableJson(document, 2)}\n`)
}

/**
 * Writes a JSON document whose one member is a list, an item a line, and asks for a page only
 * when the one before is written.
 */
export async function printJsonList(name: string, pages: Pages<unknown>): Promise<void> {
  let separator = '\n'
  await write(`{ ${JSON.stringify(name)}: [`)
  for await (const page of pages) {
    for (const item of page) {
      await write(`${separator}  ${printableJson(item)}`)
      separator = ',\n'
    }
  }
  await write('\n] }\n')
}

/**
 * Writes rows to standard output: aligned below headings on a terminal, else separated by
 * tabs. Asks for a page only when the one before is written.
 *
 * @param table.none What to say on a terminal when there are no rows.
 */
export async function printTable<Row>(
  { columns, none }: { readonly columns: readonly Column<Row>[]; readonly none: string },
  pages: Pages<Row>,
): Promise<void> {
  if (!process.stdout.isTTY) {
    for await (const page of pages) await writeLines(tabSeparated(columns, page))
    return
  }
  let widths: readonly number[] | undefined
  for await (const page of pages) {
    if (page.length === 0) continue
    const isFirst = widths === undefined
    const table = aligned(columns, page, widths ?? columns.map(({ heading }) => heading.length))
    widths = table.widths
    if (isFirst) await write(`${styleText('bold', headingLine(columns, widths))}\n`)
    await writeLines(table.lines)
  }
  if (widths === undefined) await printLine(none)
}

/** Writes labels and values, a pair a line. */
export async function printFields(fields: readonly (readonly [string, string])[]): Promise<void> {
  const columns: Column<readonly [string, string]>[] = [
    { heading: '', text: ([label]) => label },
    { heading: '', text: ([, value]) => value },
  ]
  const format = process.stdout.isTTY
    ? aligned(columns, fields, []).lines
    : tabSeparated(columns, fields)
  await writeLines(format)
}

async function writeLines(lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await write(`${lines.join('\n')}\n`)
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}
