import {
  compareAndSwap,
  generationOf,
  newName,
  type Policy,
  type Presentation,
  type Verdict,
  windowSeconds,
} from './policy.ts'

/** What the other designs keep of a session. */
interface Record {
  readonly isAlive: boolean
  /** The token given out last. */
  readonly current: string
  /** Every token given out, in order. */
  readonly issued: readonly string[]
  /** When a token was first used, in seconds. */
  readonly usedAt: Readonly<{ [token: string]: number }>
}

type Rule = (record: Record, presentation: Presentation) => 'mint' | 'current' | 'reuse'

/** A repeat is theft, whatever the reason. */
const strict: Rule = ({ current }, { token }) => (token === current ? 'mint' : 'reuse')

/** A repeat inside the leeway gets a token of its own, and both go on. */
const sibling: Rule = (record, { token, now }) =>
  record.usedAt[token] === undefined || isWithinWindow(record, token, now) ? 'mint' : 'reuse'

/** A repeat of the last rotation inside the leeway gets another token; the first one dies. */
const displace: Rule = (record, { token, now }) => {
  if (token === record.current) return 'mint'
  return isParent(record, token) && isWithinWindow(record, token, now) ? 'mint' : 'reuse'
}

/** A repeat of the last rotation gets the current token, at any time; an older one in time too. */
const returnCurrent: Rule = (record, { token, now }) => {
  if (token === record.current) return 'mint'
  return isParent(record, token) || isWithinWindow(record, token, now) ? 'current' : 'reuse'
}

/** bcrypt reads 72 bytes: every token of the user ever made compares equal. */
const tutorial: Rule = () => 'mint'

/** Designs in use elsewhere, in the same harness. */
export function rivalPolicies(): readonly Policy[] {
  return [
    rival('strict rotation', strict),
    rival('a sibling inside a leeway', sibling),
    rival('displace the sibling', displace),
    rival('the current token to its parent, for ever', returnCurrent),
    rival('bcrypt of a JWT', tutorial),
  ]
}

function isWithinWindow({ usedAt }: Record, token: string, now: number): boolean {
  const at = usedAt[token]
  return at !== undefined && now - at <= windowSeconds
}

function isParent({ current, usedAt }: Record, token: string): boolean {
  return usedAt[token] !== undefined && generationOf(token) === generationOf(current) - 1
}

function rival(name: string, rule: Rule): Policy {
  const end = (row: string) => JSON.stringify({ ...read(row), isAlive: false })
  const isAlive = (row: string) => read(row).isAlive
  return {
    name,
    start() {
      const record: Record = { isAlive: true, current: '0a', issued: ['0a'], usedAt: {} }
      return { row: JSON.stringify(record), token: '0a' }
    },
    refresh(row, presentation) {
      const record = read(row)
      if (!record.isAlive || !record.issued.includes(presentation.token)) {
        return { outcome: 'refused', row }
      }
      const decision = rule(record, presentation)
      if (decision === 'reuse') return { outcome: 'reused', row: end(row) }
      if (decision === 'current') return { outcome: 'replayed', row, token: record.current }
      return minted(record, presentation)
    },
    end,
    isAlive,
    commit: compareAndSwap({ end, isAlive }),
  }
}

function minted(record: Record, { token, now }: Presentation): Verdict {
  const current = newName(generationOf(token) + 1, record.issued)
  const next: Record = {
    isAlive: true,
    current,
    issued: [...record.issued, current],
    usedAt: { [token]: now, ...record.usedAt },
  }
  return { outcome: 'rotated', row: JSON.stringify(next), token: current }
}

function read(row: string): Record {
  return JSON.parse(row) as Record
}
