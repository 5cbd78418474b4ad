import { type FileHandle, open } from 'node:fs/promises'
import { Refusal } from '../../refusal.ts'
import type { Imported, LineProblem } from './import-rows.ts'

/** How many problems are shown, as nobody reads more in a terminal. */
const mostShown = 20

/** What an import has come to. */
export interface ImportTotals {
  readonly imported: number
  readonly alreadyThere: number
  /** Whose address or username somebody else has. */
  readonly duplicates: number
  readonly broken: number
}

/** Keeps what came of an import: totals, the first problems, and all of them in a file. */
export class ImportReport {
  readonly #file: FileHandle | null
  #totals: ImportTotals = { imported: 0, alreadyThere: 0, duplicates: 0, broken: 0 }
  readonly #first: LineProblem[] = []

  private constructor(file: FileHandle | null) {
    this.#file = file
  }

  /**
   * @param path Where every line that was not imported is written, an object of JSON each, with
   *   addresses: for its owner's eyes. No file may be there.
   * @throws {Refusal} The file cannot be made.
   */
  static async open(path: string | undefined): Promise<ImportReport> {
    if (path === undefined) return new ImportReport(null)
    try {
      return new ImportReport(await open(path, 'wx', 0o600))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const why = code === 'EEXIST' ? 'There is one already.' : `(${code})`
      throw new Refusal(`The report ${path} cannot be written. ${why}`)
    }
  }

  get totals(): ImportTotals {
    return this.#totals
  }

  /** Whether any line was not imported that should have been. */
  get hasProblems(): boolean {
    return this.#totals.duplicates + this.#totals.broken > 0
  }

  /** The first problems but for those who are there already. */
  get firstProblems(): readonly LineProblem[] {
    return this.#first
  }

  async add({ created, problems }: Imported): Promise<void> {
    const { imported, alreadyThere, duplicates, broken } = this.#totals
    const count = (...kinds: readonly LineProblem['problem'][]) =>
      problems.filter(({ problem }) => kinds.includes(problem)).length
    this.#totals = {
      imported: imported + created,
      alreadyThere: alreadyThere + count('already_there'),
      duplicates: duplicates + count('email_taken', 'username_taken'),
      broken: broken + count('broken', 'role_unknown'),
    }
    const wrong = problems.filter(({ problem }) => problem !== 'already_there')
    this.#first.push(...wrong.slice(0, mostShown - this.#first.length))
    const lines = problems.map((problem) => `${JSON.stringify(problem)}\n`)
    if (lines.length > 0) await this.#file?.write(lines.join(''))
  }

  async close(): Promise<void> {
    await this.#file?.close()
  }
}

/** One line for people. */
export function describeProblem({ line, problem, email, userId, detail }: LineProblem): string {
  const what = {
    already_there: `${email} is there already.`,
    email_taken: `${email} is taken, by ${userId}.`,
    username_taken: `The username of ${email} is taken, by ${userId}.`,
    role_unknown: `There is no such role as ${email} is to have.`,
    broken: detail,
  }[problem]
  return `line ${line}: ${what}`
}
