import { toKeyAnswer } from '../../features/answers.ts'
import type { KeyStatus } from '../../keys/key-status.ts'
import { keyColumns } from '../keys-command.ts'
import { type Field, fieldColumns, printJson, printLine, printTable } from '../print.ts'
import type { Column } from '../table.ts'
import type { Finding, OptionValue, Report } from './report.ts'

/** Writes a report for people, or as tab-separated lines that begin with what they are. */
export async function printReport(report: Report): Promise<void> {
  const { options, keys, findings } = report
  await printSection('about', fieldColumns, aboutFields(report))
  await printSection('option', optionColumns, options)
  await printSection('database', fieldColumns, databaseFields(report))
  await printSection<KeyStatus>('key', keyColumns, keys)
  await printSection('finding', findingColumns, findings)
  if (process.stdout.isTTY) await printLine(summary(findings))
}

/** Writes a report as one JSON document. */
export function printReportAsJson(report: Report): Promise<void> {
  return printJson({ ...report, keys: report.keys.map(toKeyAnswer) })
}

async function printSection<Row>(
  kind: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return
  if (!process.stdout.isTTY) {
    const kindColumn = { heading: '', text: () => kind }
    return printTable({ columns: [kindColumn, ...columns], none: '' }, [rows])
  }
  await printTable({ columns, none: '' }, [rows])
  await printLine('')
}

const optionColumns: readonly Column<OptionValue>[] = [
  { heading: 'OPTION', text: ({ variable }) => variable },
  { heading: 'VALUE', text: ({ value }) => value },
  {
    heading: 'FROM',
    text: ({ from }) => from,
    colour: ({ from }) => (from === 'default' ? 'dim' : null),
  },
]

const findingColumns: readonly Column<Finding>[] = [
  {
    heading: 'LEVEL',
    text: ({ level }) => level,
    colour: ({ level }) => (level === 'error' ? 'red' : 'yellow'),
  },
  { heading: 'FINDING', text: ({ message }) => message },
]

function aboutFields({ version, node, napi }: Report): Field[] {
  return [
    ['Countersign', version],
    ['Node', node],
    ['Node-API', napi],
  ]
}

function databaseFields({ database }: Report): Field[] {
  if (!database) return []
  const { sizeBytes, journalMode, serverVersion, pendingSteps } = database
  return [
    ['size', `${Math.ceil(sizeBytes / 1024)} KiB`],
    ...(journalMode === null ? [] : [['journal', journalMode] as const]),
    ...(serverVersion === null ? [] : [['PostgreSQL', serverVersion] as const]),
    ['schema', pendingSteps.length === 0 ? 'up to date' : `to do: ${pendingSteps.join(', ')}`],
  ]
}

function summary(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'Nothing found that should be mended.'
  const errors = findings.filter(({ level }) => level === 'error').length
  return `${counted(errors, 'error')}, ${counted(findings.length - errors, 'warning')}.`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
