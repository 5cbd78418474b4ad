import { readFileSync, writeFileSync } from 'node:fs'
import { costPlot } from './cost-plot.ts'
import type { Environment } from './environment.ts'
import { aimsText, markdownTable, tableText } from './format.ts'
import type { Section } from './table.ts'

export interface Results {
  readonly environment: Environment
  readonly sections: Readonly<Record<string, Section>>
}

/** Where in the docs a run is shown. */
interface Markers {
  readonly start: string
  readonly end: string
}

const markers: Markers = {
  start: '<!-- results: written by `npm run bench` -->',
  end: '<!-- end of results -->',
}
export const resultsFile: URL = new URL('../../results.json', import.meta.url)
const plotFile: URL = new URL('../../../docs/revocation-cost.svg', import.meta.url)

export const docsFile: URL = new URL('../../../docs/benchmarks.md', import.meta.url)

/** Keeps a run as data, and shows it in the docs between the markers. */
export function writeResults(results: Results): void {
  write(results, resultsFile, markers)
}

/** The same for a part that is a run of its own: that of revocation with a plot. */
export function writeResultsApart(part: string, results: Results): void {
  write(results, new URL(`../../results-${part}.json`, import.meta.url), {
    start: `<!-- results: written by \`npm run bench -- ${part}\` -->`,
    end: `<!-- end of results of ${part} -->`,
  })
  const ways = results.sections['revocation']?.tables.find(({ key }) => key === 'revocation-ways')
  if (ways) writeFileSync(plotFile, costPlot(ways))
}

function write(results: Results, file: URL, between: Markers): void {
  writeFileSync(file, `${JSON.stringify(results, rounded, 2)}\n`)
  const docs = readFileSync(docsFile, 'utf8')
  writeFileSync(docsFile, replaceBetweenMarkers(docs, toMarkdown(results), between))
}

/** @throws {Error} The text has no markers, or in the wrong order. */
export function replaceBetweenMarkers(
  text: string,
  replacement: string,
  { start, end }: Markers = markers,
): string {
  const [startsAt, endsAt] = [text.indexOf(start), text.indexOf(end)]
  if (startsAt < 0 || endsAt < startsAt) throw new Error('the markers for the results are missing')
  return `${text.slice(0, startsAt)}${start}\n\n${replacement}\n\n${text.slice(endsAt)}`
}

function toMarkdown({ environment, sections }: Results): string {
  const { date, command, machine, load, versions } = environment
  const aims = Object.values(sections).flatMap((section) => section.aims)
  const tables = Object.values(sections).flatMap((section) => section.tables)
  return [
    `\`${command}\` on ${date}: ${machine}; load average before the run ${load.toFixed(1)}.`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')
      .concat('.'),
    `### Aims\n\n${markdownTable(aimsText(aims))}`,
    ...tables.map(
      (table) => `### ${capitalized(table.title)}\n\n${markdownTable(tableText(table))}`,
    ),
  ].join('\n\n')
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

// Nothing measured here is good to more than four digits.
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value
}
