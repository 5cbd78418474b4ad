import { Refusal } from '../../refusal.ts'
import { isRecord, type SourceRow } from './source-row.ts'
import type { TextLine } from './text-lines.ts'

/** How many lines a user may take. A bracket that is not closed must not swallow the file. */
const maxUserLines = 2000

/** A user whose end has not been read yet. */
interface OpenUser {
  readonly line: number
  readonly parts: string[]
  depth: number
}

/**
 * Reads the users of `firebase auth:export users.json`, which is one document: each as soon as it
 * is whole. One that is broken is skipped up to the next line that begins with `{`, as every
 * user does.
 *
 * @throws {Refusal} It is another kind of file.
 */
export async function* firebaseRows(
  blocks: AsyncIterable<readonly TextLine[]>,
): AsyncGenerator<SourceRow[]> {
  const reader = new FirebaseReader()
  for await (const lines of blocks) {
    yield lines.flatMap((line) => reader.read(line))
  }
  yield reader.end()
}

class FirebaseReader {
  #open: OpenUser | null = null
  #hasBegun = false
  /** After a mistake: what follows belongs to nothing. */
  #isLost = false

  read({ number: line, text, problem }: TextLine): SourceRow[] {
    const rows: SourceRow[] = []
    if (problem !== null) return [...this.#giveUp(), { line, problem }]
    // Inside of a user every bracket is indented.
    if (this.#hasBegun && text.startsWith('{')) {
      rows.push(...this.#giveUp())
      this.#isLost = false
    }
    const from = this.#hasBegun ? 0 : this.#begin(text)
    if (!this.#isLost) rows.push(...this.#scan(text, from, line))
    return rows
  }

  end(): SourceRow[] {
    return this.#giveUp()
  }

  /** @returns Where the users begin in the line, behind the bracket. */
  #begin(text: string): number {
    const [start] = /^\s*\{\s*"users"\s*:\s*\[/.exec(text) ?? []
    if (start === undefined) {
      throw new Refusal(
        'The file does not begin with {"users": [ as what firebase auth:export writes as JSON.',
      )
    }
    this.#hasBegun = true
    return start.length
  }

  #scan(text: string, from: number, line: number): SourceRow[] {
    const rows: SourceRow[] = []
    let start = from
    let isString = false
    for (let at = from; at < text.length; at += 1) {
      const character = text[at]
      if (isString) {
        if (character === '\\') at += 1
        else if (character === '"') isString = false
        continue
      }
      if (!this.#open) {
        if (character === '{') {
          this.#open = { line, parts: [], depth: 1 }
          start = at
        } else if (!/[\s,\]}]/.test(character ?? '')) return [...rows, ...this.#lose(line)]
        continue
      }
      if (character === '"') isString = true
      else if (character === '{' || character === '[') this.#open.depth += 1
      else if (character === '}' || character === ']') this.#open.depth -= 1
      if (this.#open.depth > 0) continue
      rows.push(whole(this.#open, text.slice(start, at + 1)))
      this.#open = null
    }
    // No text of JSON goes over the end of a line.
    if (isString) return [...rows, ...this.#lose(this.#open?.line ?? line)]
    if (this.#open) {
      this.#open.parts.push(text.slice(start))
      if (this.#open.parts.length > maxUserLines) return [...rows, ...this.#lose(this.#open.line)]
    }
    return rows
  }

  #lose(line: number): SourceRow[] {
    this.#open = null
    this.#isLost = true
    return [broken(line)]
  }

  #giveUp(): SourceRow[] {
    const open = this.#open
    this.#open = null
    return open ? [broken(open.line)] : []
  }
}

function whole({ line, parts }: OpenUser, end: string): SourceRow {
  try {
    const record: unknown = JSON.parse([...parts, end].join('\n'))
    return isRecord(record) ? { line, record } : broken(line)
  } catch {
    return broken(line)
  }
}

function broken(line: number): SourceRow {
  return { line, problem: 'The user that begins here is no whole object of JSON.' }
}
