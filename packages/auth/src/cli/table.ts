import { styleText } from 'node:util'
import { printable } from './printable.ts'

/** One column of a table. */
export interface Column<Row> {
  readonly heading: string
  readonly text: (row: Row) => string
  /** A colour to set off what matters; on a terminal that shows colours. */
  readonly colour?: (row: Row) => Colour | null
}

export type Colour = 'red' | 'yellow' | 'dim'

/** How much room aligned lines have and take, in characters. */
export interface Layout {
  /** Of the columns so far. */
  readonly widths: readonly number[]
  /** Of the terminal. */
  readonly terminal: number
}

const gap = '  '
// In less room text is broken by the terminal: it could not be read either way.
const leastRoom = 20

/** One line for each row: cells separated by tabs, for other programs. */
export function tabSeparated<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  return rows.map((row) => columns.map(({ text }) => printable(text(row))).join('\t'))
}

/** The layout before the first row. */
export function layoutFor<Row>(columns: readonly Column<Row>[], terminal: number): Layout {
  return { widths: columns.map(({ heading }) => lengthOf(heading)), terminal }
}

/**
 * Rows for people: cells aligned, the last one wrapped to the terminal.
 *
 * @returns The lines, and the layout they have: its widths are never less than before.
 */
export function aligned<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { widths, terminal }: Layout,
): { lines: string[]; layout: Layout } {
  const table = rows.map((row) => columns.map((column) => toCell(column, row)))
  const wider = widths.map((width, index) =>
    Math.max(width, ...table.map((cells) => lengthOf(cells[index]?.text ?? ''))),
  )
  const layout = { widths: wider, terminal }
  return { lines: table.map((cells) => alignedRow(cells, layout)), layout }
}

/** The headings as a line above aligned rows. */
export function headingLine<Row>(columns: readonly Column<Row>[], layout: Layout): string {
  const cells = columns.map(({ heading }) => ({ text: heading, colour: null }))
  return alignedRow(cells, layout)
}

interface Cell {
  readonly text: string
  readonly colour: Colour | null
}

function toCell<Row>({ text, colour }: Column<Row>, row: Row): Cell {
  return { text: printable(text(row)), colour: colour?.(row) ?? null }
}

function alignedRow(cells: readonly Cell[], { widths, terminal }: Layout): string {
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + gap.length, 0)
  const last = cells.length - 1
  return cells
    .map(({ text, colour }, index) => {
      const shown = index === last ? wrapped(text, { indent: before, terminal }) : text
      const padding = ' '.repeat(Math.max(0, (widths[index] ?? 0) - lengthOf(text)))
      return (colour ? styleText(colour, shown) : shown) + padding
    })
    .join(gap)
    .trimEnd()
}

/** Breaks text between words; lines after the first are indented. */
function wrapped(text: string, { indent, terminal }: { indent: number; terminal: number }): string {
  const room = terminal - indent
  if (room < leastRoom || lengthOf(text) <= room) return text
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    const longer = line === '' ? word : `${line} ${word}`
    if (line === '' || lengthOf(longer) <= room) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines.join(`\n${' '.repeat(indent)}`)
}

function lengthOf(text: string): number {
  return Array.from(text).length
}
