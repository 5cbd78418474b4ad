import type { Aim, Cell, Column, Table, Unit } from './table.ts'

/** The text of a table's head and rows, the same on the terminal and in the docs. */
export function tableText({ settingTitle, columns, rows }: Table): string[][] {
  const hasRemarks = rows.some((row) => row.remark)
  const line = (first: string, setting: string, cells: readonly string[], remark: string) => [
    first,
    ...(settingTitle ? [setting] : []),
    ...cells,
    ...(hasRemarks ? [remark] : []),
  ]
  return [
    line('', settingTitle ?? '', columns.map(columnText), ''),
    ...rows.map(({ contender, setting = '', cells, remark = '' }) =>
      line(
        contender,
        setting,
        columns.map((column) => cellText(cells[column.key], column)),
        remark,
      ),
    ),
  ]
}

export function aimsText(aims: readonly Aim[]): string[][] {
  const rows = aims.map(({ claim, limit, measured, isMet }) => [
    claim,
    limit,
    measured,
    isMet ? 'met' : 'MISSED',
  ])
  return [['aim', 'limit', 'measured', ''], ...rows]
}

export function markdownTable([head = [], ...rows]: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, index) => (index === 0 ? '---' : '--:'))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

export function terminalTable(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, index) =>
    Math.max(...rows.map((row) => (row[index] ?? '').length)),
  )
  const align = (text: string, index: number) =>
    index === 0 ? text.padEnd(widths[index] ?? 0) : text.padStart(widths[index] ?? 0)
  return rows.map((row) => `  ${row.map(align).join('  ')}`.trimEnd()).join('\n')
}

function columnText({ title, unit }: Column): string {
  return title ? `${title}, ${unit}` : unit
}

function cellText(cell: Cell | null | undefined, { unit }: Column): string {
  if (!cell) return '–'
  const bound = cell.isLowerBound ? '≥ ' : ''
  const range = `${numberText(cell.min, unit)}–${numberText(cell.max, unit)}`
  const ratio = cell.ratio === undefined ? '' : ` · ${cell.ratio.toFixed(2)} ×`
  return `${bound}${numberText(cell.median, unit)} (${range})${ratio}`
}

function numberText(value: number, unit: Unit): string {
  if (unit === 'requests/s' && value >= 100) return Math.round(value).toLocaleString('en')
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)
}
