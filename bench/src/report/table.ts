import { median, ratios, type Spread, spread } from '../measure/statistics.ts'

export type Unit = 'µs' | 'ms' | 'requests/s' | '×' | 'ns' | 'MB'

export interface Column {
  readonly key: string
  readonly title: string
  readonly unit: Unit
}

export interface Cell extends Spread {
  readonly rounds: number
  /** Against the baseline of the column: the median of the ratios within each round. */
  readonly ratio?: number
  /** The true value is this or more: something was still unanswered when time was over. */
  readonly isLowerBound?: boolean
}

export interface Row {
  readonly contender: string
  /** What was varied, such as the number of connections. */
  readonly setting?: string
  /** `null`: the contender cannot do this. */
  readonly cells: Readonly<Record<string, Cell | null>>
  /** What the numbers leave out, such as refused requests. */
  readonly remark?: string
}

export interface Table {
  readonly key: string
  readonly title: string
  /** What the rows' settings are. */
  readonly settingTitle?: string
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

/** What we set out to reach, and whether we did. */
export interface Aim {
  readonly claim: string
  readonly limit: string
  readonly measured: string
  readonly isMet: boolean
}

export interface Section {
  readonly tables: readonly Table[]
  readonly aims: readonly Aim[]
}

export function cell(values: readonly number[], baseline?: readonly number[]): Cell {
  const figures = { ...spread(values), rounds: values.length }
  return baseline ? { ...figures, ratio: median(ratios(values, baseline)) } : figures
}

/** @param ratio Ours by the other's, as measured. */
export function atMost(claim: string, limit: number, ratio: number): Aim {
  return {
    claim,
    limit: `≤ ${limit} ×`,
    measured: `${ratio.toFixed(2)} ×`,
    isMet: ratio <= limit,
  }
}
