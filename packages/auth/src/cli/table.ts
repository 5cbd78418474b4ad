import { printable } from './printable.ts'

/** One column of a table. */
export interface Column<Row> {
  readonly heading: string
  readonly text: (row: Row) => string
}

const gap = '  '

/** One line for each row: cells separated by tabs, for other programs. */
export function tabSeparated<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  return cellsOf(columns, rows).map((cells) => cells.join('\t'))
}

/**
 * One line for each row, cells aligned, for people.
 *
 * @param widths Of the columns so far, in characters.
 * @returns The lines, and the widths they have: never less than before.
 */
export function aligned<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  widths: readonly number[],
): { lines: string[]; widths: number[] } {
  const table = cellsOf(columns, rows)
  const wider = columns.map((_, index) =>
    Math.max(widths[index] ?? 0, ...table.map((cells) => lengthOf(cells[index] ?? ''))),
  )
  return { lines: table.map((cells) => alignedLine(cells, wider)), widths: wider }
}

/** The headings as a line above aligned rows. */
export function headingLine<Row>(
  columns: readonly Column<Row>[],
  widths: readonly number[],
): string {
  return alignedLine(
    columns.map(({ heading }) => heading),
    widths,
  )
}

function cellsOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[][] {
  return rows.map((row) => columns.map(({ text }) => printable(text(row))))
}

function alignedLine(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, index) => cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - lengthOf(cell))))
    .join(gap)
    .trimEnd()
}

function lengthOf(cell: string): number {
  return Array.from(cell).length
}
