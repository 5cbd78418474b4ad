import type { BatchOutcome, User, UserStore } from '../../../model/user.ts'
import { type ImportTerms, importedUser } from './imported-user.ts'
import { type FieldPlan, fieldsOf } from './source-fields.ts'
import type { SourceRow } from './source-row.ts'

/** Why a line of a file has made no user. */
export interface LineProblem {
  readonly line: number
  /**
   * - `already_there`: by an import before, or this one; nothing is wrong
   * - `email_taken`, `username_taken`: by somebody else, who was left alone
   * - `broken`: see `detail`
   */
  readonly problem: 'already_there' | 'email_taken' | 'username_taken' | 'role_unknown' | 'broken'
  readonly email?: string
  /** Whoever has the address or the username. */
  readonly userId?: string
  readonly detail?: string
}

/** What became of some lines. */
export interface Imported {
  readonly created: number
  /** In the order of their lines. */
  readonly problems: readonly LineProblem[]
}

/**
 * Fewer would write the pages of the indexes more often; more would keep a running server from
 * writing for longer than half a second.
 */
const batchSize = 10_000

interface Candidate {
  readonly line: number
  readonly user: User
}

/**
 * Adds the users of a file, a transaction for each ten thousand. Whoever is there already is left
 * alone: an import that was interrupted is run again from the beginning.
 *
 * @returns After each transaction, what became of its lines.
 */
export async function* importRows(
  users: Pick<UserStore, 'createMany'>,
  rows: AsyncIterable<readonly SourceRow[]>,
  { plan, terms }: { readonly plan: FieldPlan; readonly terms: ImportTerms },
): AsyncGenerator<Imported> {
  let waiting: SourceRow[] = []
  for await (const some of rows) {
    waiting.push(...some)
    for (; waiting.length >= batchSize; waiting = waiting.slice(batchSize)) {
      yield await importBatch(users, waiting.slice(0, batchSize), { plan, terms })
    }
  }
  yield await importBatch(users, waiting, { plan, terms })
}

async function importBatch(
  users: Pick<UserStore, 'createMany'>,
  rows: readonly SourceRow[],
  { plan, terms }: { readonly plan: FieldPlan; readonly terms: ImportTerms },
): Promise<Imported> {
  const candidates: Candidate[] = []
  const problems: LineProblem[] = []
  for (const row of rows) {
    const read = 'record' in row ? importedUser(fieldsOf(row.record, plan), terms) : row
    if ('user' in read) candidates.push({ line: row.line, user: read.user })
    else problems.push({ line: row.line, problem: 'broken', detail: read.problem })
  }
  const outcomes =
    candidates.length === 0 ? [] : await users.createMany(candidates.map(({ user }) => user))
  for (const [index, candidate] of candidates.entries()) {
    const outcome = outcomes[index]
    if (outcome && outcome.result !== 'created') problems.push(problemOf(candidate, outcome))
  }
  return {
    created: outcomes.filter(({ result }) => result === 'created').length,
    problems: problems.toSorted((a, b) => a.line - b.line),
  }
}

function problemOf({ line, user }: Candidate, outcome: BatchOutcome): LineProblem {
  const { email } = user
  if (!('holder' in outcome)) return { line, problem: 'role_unknown', email }
  const { holder, result } = outcome
  const isAgain = result === 'email_taken' && isSameUser(user, holder)
  const problem = isAgain ? 'already_there' : result
  return { line, problem, email, userId: holder.id }
}

/**
 * Whether somebody with the same address comes from the same record. After they have signed in
 * their hash is another one; when they were created is not.
 */
function isSameUser(user: User, holder: Pick<User, 'passwordHash' | 'createdAt'>): boolean {
  const isDated = user.createdAt !== user.updatedAt
  return (
    holder.passwordHash === user.passwordHash || (isDated && holder.createdAt === user.createdAt)
  )
}
