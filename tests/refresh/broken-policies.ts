import { countersignPolicy } from './countersign-policy.ts'
import type { Policy } from './policy.ts'

/**
 * The real rule with one thing broken. The search must object to each: that shows that it
 * can.
 */
export function brokenPolicies(): readonly Policy[] {
  const right = countersignPolicy()
  return [
    {
      ...right,
      name: 'replays nothing',
      refresh(row, presentation) {
        const verdict = right.refresh(row, presentation)
        if (verdict.outcome !== 'replayed' && verdict.outcome !== 'superseded') return verdict
        return { outcome: 'reused', row: right.end(row) }
      },
    },
    {
      ...right,
      name: 'takes a late repeat for a theft',
      refresh(row, presentation) {
        const verdict = right.refresh(row, presentation)
        return verdict.outcome === 'superseded'
          ? { outcome: 'reused', row: right.end(row) }
          : verdict
      },
    },
    {
      ...right,
      name: 'reports a reuse and does nothing',
      refresh(row, presentation) {
        const verdict = right.refresh(row, presentation)
        return verdict.outcome === 'reused' ? { ...verdict, row } : verdict
      },
    },
    {
      ...right,
      name: 'forgets the key',
      refresh: (row, presentation) => right.refresh(row, { ...presentation, key: undefined }),
    },
    {
      ...right,
      name: 'writes without comparing',
      commit: ({ current, verdict }) => (verdict.outcome === 'refused' ? current : verdict.row),
    },
    {
      ...right,
      name: 'accuses whoever invents a token',
      refresh: (row, presentation) =>
        presentation.token === 'forged'
          ? { outcome: 'reused', row: right.end(row) }
          : right.refresh(row, presentation),
    },
  ]
}
