import { once } from 'node:events'
import { styleText } from 'node:util'
import { printable, printableJson } from './printable.ts'
import { aligned, type Column, headingLine, type Layout, layoutFor, tabSeparated } from './table.ts'

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
    if (page.length === 0) continue
    const lines = page.map((item) => `  ${printableJson(item)}`)
    await write(separator + lines.join(',\n'))
    separator = ',\n'
  }
  await write('\n] }\n')
}

/** Writes a JSON document a line, and asks for a page only when the one before is written. */
export async function printJsonLines(pages: Pages<unknown>): Promise<void> {
  for await (const page of pages) await writeLines(page.map((item) => printableJson(item)))
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
  let layout: Layout | undefined
  for await (const page of pages) {
    if (page.length === 0) continue
    const isFirst = layout === undefined
    const table = aligned(columns, page, layout ?? layoutFor(columns, process.stdout.columns))
    layout = table.layout
    if (isFirst) await writeHeading(columns, layout)
    await writeLines(table.lines)
  }
  if (layout === undefined) await printLine(none)
}

/** Writes labels and values, a pair a line. */
export function printFields(fields: readonly Field[]): Promise<void> {
  return printTable({ columns: fieldColumns, none: '' }, [fields])
}

/** A label and its value. */
export type Field = readonly [label: string, value: string]

/** Columns without headings. */
export const fieldColumns: readonly Column<Field>[] = [
  { heading: '', text: ([label]) => label },
  { heading: '', text: ([, value]) => value },
]

async function writeHeading<Row>(columns: readonly Column<Row>[], layout: Layout): Promise<void> {
  const line = headingLine(columns, layout)
  if (line !== '') await write(`${styleText('bold', line)}\n`)
}

async function writeLines(lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await write(`${lines.join('\n')}\n`)
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}
