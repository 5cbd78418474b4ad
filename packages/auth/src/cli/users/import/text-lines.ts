import { isUtf8 } from 'node:buffer'
import { Refusal } from '../../refusal.ts'

/** A line of a file, without its end. */
export interface TextLine {
  /** From 1. */
  readonly number: number
  readonly text: string
  /** Why it cannot be read; then `text` is empty. */
  readonly problem: string | null
}

/** No record of a user comes near it. */
const maxLineBytes = 2 ** 20
const lineFeed = 0x0a

/**
 * Splits what is read from a file into lines, all at once that are complete. Holds no more than
 * a line, however long it is.
 *
 * @throws {Refusal} The file is UTF-16.
 */
export async function* textLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<TextLine[]> {
  let number = 1
  let rest: Buffer = Buffer.alloc(0)
  let isTooLong = false
  for await (const chunk of chunks) {
    if (number === 1) refuseUtf16(chunk)
    const end = chunk.lastIndexOf(lineFeed)
    if (end < 0) {
      isTooLong ||= rest.byteLength + chunk.byteLength > maxLineBytes
      rest = isTooLong ? Buffer.alloc(0) : Buffer.concat([rest, chunk])
      continue
    }
    const lines = linesOf(Buffer.concat([rest, chunk.subarray(0, end)]), number)
    if (isTooLong) lines[0] = unreadable(number, tooLong)
    yield lines
    number += lines.length
    rest = Buffer.from(chunk.subarray(end + 1))
    isTooLong = false
  }
  if (isTooLong) yield [unreadable(number, tooLong)]
  else if (rest.byteLength > 0) yield linesOf(rest, number)
}

const tooLong = 'The line is longer than a mebibyte.'

function linesOf(bytes: Buffer, first: number): TextLine[] {
  if (!isUtf8(bytes)) return linesOneByOne(bytes, first)
  const lines = bytes.toString('utf8').split('\n')
  return lines.map((text, index) => ({
    number: first + index,
    text: trimmed(text, first + index),
    problem: null,
  }))
}

function linesOneByOne(bytes: Buffer, first: number): TextLine[] {
  const lines: TextLine[] = []
  for (let start = 0; start <= bytes.byteLength; ) {
    const found = bytes.indexOf(lineFeed, start)
    const end = found < 0 ? bytes.byteLength : found
    const line = bytes.subarray(start, end)
    const number = first + lines.length
    lines.push(
      isUtf8(line)
        ? { number, text: trimmed(line.toString('utf8'), number), problem: null }
        : unreadable(number, 'The line is not UTF-8.'),
    )
    start = end + 1
  }
  return lines
}

function unreadable(number: number, problem: string): TextLine {
  return { number, text: '', problem }
}

// A file may begin with a byte order mark, and a line end with a carriage return.
function trimmed(text: string, number: number): string {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text
  return number === 1 && line.startsWith('\uFEFF') ? line.slice(1) : line
}

function refuseUtf16(chunk: Buffer): void {
  const mark = chunk.subarray(0, 2).toString('hex')
  if (mark === 'fffe' || mark === 'feff') {
    throw new Refusal('The file is UTF-16. Save it as UTF-8.')
  }
}
