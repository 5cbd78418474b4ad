import { describe, expect, test } from 'vitest'
import { csvRows } from './csv-rows.ts'
import { firebaseRows } from './firebase-rows.ts'
import { jsonLineRows } from './json-lines.ts'
import type { SourceRow } from './source-row.ts'
import { type TextLine, textLines } from './text-lines.ts'

/** In chunks of a few bytes, or all at once: what is read must be the same. */
const chunkSizes = [1, 7, 1_000_000]

async function* chunksOf(file: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < file.byteLength; at += size) yield file.subarray(at, at + size)
}

type Read = (lines: AsyncIterable<TextLine[]>) => AsyncIterable<SourceRow[]>

async function rowsOf(file: string | Buffer, read: Read, size = 7): Promise<SourceRow[]> {
  const rows: SourceRow[] = []
  for await (const some of read(textLines(chunksOf(Buffer.from(file), size)))) rows.push(...some)
  return rows
}

const csv: Read = (lines) => csvRows(lines, { format: 'csv', map: {} })

/** Lines of the rows that were read, and of those that were not. */
function linesOf(rows: readonly SourceRow[]): { read: number[]; broken: number[] } {
  const numbers = (kind: 'record' | 'problem') =>
    rows.filter((row) => kind in row).map(({ line }) => line)
  return { read: numbers('record'), broken: numbers('problem') }
}

describe.each(chunkSizes)('in chunks of %i bytes', (size) => {
  test('lines are counted from 1, whatever they end with', async () => {
    const rows = await rowsOf('{"a":1}\r\n\n{"a":"é€🦊"}\n{"a":3}', jsonLineRows, size)
    expect(rows).toEqual([
      { line: 1, record: { a: 1 } },
      { line: 3, record: { a: 'é€🦊' } },
      { line: 4, record: { a: 3 } },
    ])
  })

  test('a byte order mark is nothing', async () => {
    const rows = await rowsOf('\uFEFF{"a":1}\n', jsonLineRows, size)
    expect(rows).toEqual([{ line: 1, record: { a: 1 } }])
  })

  test('a line that is not UTF-8 is broken, and no other', async () => {
    const file = Buffer.concat([
      Buffer.from('{"a":"é"}\n{"a":"'),
      Buffer.from([0xe9]),
      Buffer.from('"}\n{"a":3}\n'),
    ])
    expect(linesOf(await rowsOf(file, jsonLineRows, size))).toEqual({ read: [1, 3], broken: [2] })
  })

  test('fields of CSV hold commas, quotes and line breaks', async () => {
    const file = 'email,name\na@x.org,"Ada, ""the"" first"\nb@x.org,"two\r\nlines"\nc@x.org,\n'
    expect(await rowsOf(file, csv, size)).toEqual([
      { line: 2, record: { email: 'a@x.org', name: 'Ada, "the" first' } },
      { line: 3, record: { email: 'b@x.org', name: 'two\nlines' } },
      { line: 5, record: { email: 'c@x.org', name: '' } },
    ])
  })

  test('a quote that is not closed breaks its line and no other', async () => {
    const file = 'email,name\na@x.org,"Ada\nb@x.org,Bob\nc@x.org,"Cy, C"\nd@x.org,Di\n'
    expect(linesOf(await rowsOf(file, csv, size))).toEqual({ read: [3, 4, 5], broken: [2] })
  })

  test('two quotes that are not closed break their two lines', async () => {
    const file = 'email,name\na@x.org,"Ada\nb@x.org,Bob\nc@x.org,"Cy\nd@x.org,Di\n'
    expect(linesOf(await rowsOf(file, csv, size))).toEqual({ read: [3, 5], broken: [2, 4] })
  })

  test('a line with too few or too many values is broken', async () => {
    const file = 'email,name\na@x.org\nb@x.org,Bob\nc@x.org,Cy,C\nd@x.org,D"i"\n'
    expect(linesOf(await rowsOf(file, csv, size))).toEqual({ read: [3], broken: [2, 4, 5] })
  })

  test('users of Firebase are read as soon as they are whole', async () => {
    expect(await rowsOf(firebaseFile, firebaseRows, size)).toEqual([
      { line: 2, record: { localId: '1', email: 'a@x.org', of: [{ providerId: 'google.com' }] } },
      { line: 11, record: { localId: '2', displayName: 'a "}" {[' } },
    ])
  })

  test.each([
    ['a quote is missing', (text: string) => text.replace('"a@x.org",', '"a@x.org,')],
    ['a bracket is missing', (text: string) => text.replace('    }\n  ]\n}', '    }\n  ]')],
    ['there is a bracket too many', (text: string) => text.replace('"1",', '"1"},')],
    ['a comma is missing', (text: string) => text.replace('"1",', '"1"')],
  ])('where %s in a user of Firebase, the next is read', async (_what, breaking) => {
    const { read, broken } = linesOf(await rowsOf(breaking(firebaseFile), firebaseRows, size))
    expect(read.at(-1)).toBeGreaterThanOrEqual(10)
    expect(broken.length).toBeGreaterThan(0)
  })
})

const firebaseFile = `{"users": [
${JSON.stringify({ localId: '1', email: 'a@x.org', of: [{ providerId: 'google.com' }] }, null, 2)},
${JSON.stringify({ localId: '2', displayName: 'a "}" {[' }, null, 2)}
]}`

describe('JSON lines', () => {
  test.each(['[1]', '"text"', 'null', '7', '{"a":', 'email,name', '{"a":1}{"b":2}'])(
    'hold objects, and %s is none',
    async (line) => {
      const rows = await rowsOf(`${line}\n{"a":1}\n`, jsonLineRows)
      expect(linesOf(rows)).toEqual({ read: [2], broken: [1] })
    },
  )
})

describe('CSV', () => {
  test('with a broken line far on goes on after it', async () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `u${index}@x.org,"U ${index}"`)
    lines[9000] = 'u9000@x.org,"U" 9000"'
    const { read, broken } = linesOf(await rowsOf(`email,name\n${lines.join('\n')}`, csv, 4096))
    expect(read).toHaveLength(9_999)
    expect(broken).toEqual([9002])
  })

  test('with a quote in every line that is not closed says so of every line', async () => {
    const lines = Array.from({ length: 999 }, (_, index) => `u${index}@x.org,"U`)
    const { read, broken } = linesOf(await rowsOf(`email,name\n${lines.join('\n')}`, csv, 4096))
    expect([read.length, broken.length]).toEqual([0, 999])
  })

  test.each([
    ['', 'The file is empty.'],
    ['{"email":"a@x.org"}\n', /does not name columns/],
    ['email,\n', /does not name columns/],
    ['email,name,name\n', 'Two columns are called name.'],
    ['mail,name\n', /There is no column email: .+ There are: mail, name\./],
    ['\uFEFFemail;name\n', /does not name columns/],
  ])('beginning with %j is refused', async (file, message) => {
    await expect(rowsOf(file, csv)).rejects.toThrow(message)
  })

  test('without a column that was named is refused', async () => {
    const mapped: Read = (lines) => csvRows(lines, { format: 'csv', map: { name: 'full' } })
    await expect(rowsOf('email,name\n', mapped)).rejects.toThrow('There is no column full.')
  })
})

test('a line of any length is broken, and does not fill memory', async () => {
  async function* endless(): AsyncGenerator<Buffer> {
    yield Buffer.from('{"a":1}\n')
    for (let count = 0; count < 2000; count += 1) yield Buffer.alloc(100_000, 'x')
    yield Buffer.from('\n{"a":2}\n')
  }
  const rows: SourceRow[] = []
  const before = process.memoryUsage().rss
  for await (const some of jsonLineRows(textLines(endless()))) rows.push(...some)
  expect(linesOf(rows)).toEqual({ read: [1, 3], broken: [2] })
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6)
})

test.each([
  ['\uFEFFemail', 'utf16le'],
  ['{}', 'utf16le'],
] as const)('UTF-16 is refused or broken: %j', async (text, encoding) => {
  const reading = rowsOf(Buffer.from(text, encoding), jsonLineRows, 100)
  if (text.startsWith('\uFEFF')) await expect(reading).rejects.toThrow('The file is UTF-16.')
  else expect(linesOf(await reading)).toEqual({ read: [], broken: [1] })
})

test('another document than an export of Firebase is refused', async () => {
  await expect(rowsOf('[{"email":"a@x.org"}]', firebaseRows, 100)).rejects.toThrow(
    'The file does not begin with {"users": [',
  )
})
