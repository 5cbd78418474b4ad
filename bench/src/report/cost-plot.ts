import type { Table } from './table.ts'

const width = 720
const height = 420
const plot = { left: 90, top: 40, right: 40, bottom: 70 }

/**
 * Draws ways to hear of a revocation as points: cost of a request against time to effect, both
 * logarithmic. Reads in light and in dark.
 */
export function costPlot({ rows }: Table): string {
  const points = rows.flatMap(({ contender, cells }) => {
    const { cost, effect } = cells
    return cost && effect ? [{ contender, cost: cost.median, effect: effect.median }] : []
  })
  const x = logScale([0.1, 10_000], [plot.left, width - plot.right])
  const y = logScale([1, 1_000_000], [height - plot.bottom, plot.top])
  const marks = points.map(({ contender, cost, effect }) => {
    const isOurs = contender === 'countersign'
    const fill = isOurs ? '#0a7d4f' : '#888'
    const label = contender.replace(/ per request.*/, '')
    // Those on the right stand below their point, where nothing comes from the left; one at the
    // top beside it, where the title of the axis is not.
    const isRight = x(cost) > width / 2
    const anchor = isRight ? 'middle' : 'start'
    const isAtTop = y(effect) < plot.top + 30
    const [dx, dy] = isRight ? [0, 26] : [14, isAtTop ? 5 : -16]
    return (
      `<circle cx="${round(x(cost))}" cy="${round(y(effect))}" r="7" fill="${fill}"/>` +
      `<text x="${round(x(cost) + dx)}" y="${round(y(effect) + dy)}" text-anchor="${anchor}" ` +
      `font-weight="${isOurs ? 'bold' : 'normal'}">${label}</text>`
    )
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" ` +
      'aria-label="Cost of a request against time until a revoked token is refused">',
    '<style>text{font:14px system-ui,sans-serif;fill:#444}line{stroke:#8886}',
    '@media(prefers-color-scheme:dark){text{fill:#ccc}}</style>',
    ...ticks(x, [0.1, 1, 10, 100, 1000, 10_000], (at, label) => [
      `<line x1="${at}" y1="${plot.top}" x2="${at}" y2="${height - plot.bottom}"/>`,
      `<text x="${at}" y="${height - plot.bottom + 22}" text-anchor="middle">${label}</text>`,
    ]),
    ...ticks(y, [1, 10, 100, 1000, 10_000, 100_000, 1_000_000], (at, label) => [
      `<line x1="${plot.left}" y1="${at}" x2="${width - plot.right}" y2="${at}"/>`,
      `<text x="${plot.left - 10}" y="${at + 5}" text-anchor="end">${label}</text>`,
    ]),
    `<text x="${width / 2}" y="${height - 14}" text-anchor="middle">cost of a request, µs</text>`,
    `<text x="${plot.left - 10}" y="20">until a revoked token is refused, ms</text>`,
    ...marks,
    '</svg>',
    '',
  ].join('\n')
}

function logScale(
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
): (value: number) => number {
  const span = Math.log10(to) - Math.log10(from)
  return (value) => start + ((Math.log10(value) - Math.log10(from)) / span) * (end - start)
}

function ticks(
  scale: (value: number) => number,
  values: readonly number[],
  draw: (at: number, label: string) => string[],
): string[] {
  return values.flatMap((value) => draw(round(scale(value)), value.toLocaleString('en')))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
