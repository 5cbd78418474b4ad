import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readPasswordLine } from './password-line.ts'

const read = (...chunks: readonly (string | Uint8Array)[]) =>
  readPasswordLine(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))

test.each([
  ['a line', ['horse\n']],
  ['a line that ends as on Windows', ['horse\r\n']],
  ['a line without an end', ['horse']],
  ['the first line of many', ['horse\nbattery\n']],
  ['a line in pieces', ['ho', 'rse', '\nx']],
  ['a line after a byte order mark', ['\u{feff}horse\n']],
])('the password is %s', async (_what, chunks) => {
  expect(await read(...chunks)).toBe('horse')
})

test('spaces are part of it', async () => {
  expect(await read('  a b \n')).toBe('  a b ')
})

test('a character cut in two by the pipe is whole again', async () => {
  const bytes = Buffer.from('é\n')
  expect(await read(bytes.subarray(0, 1), bytes.subarray(1))).toBe('é')
})

test('what is not UTF-8 is refused, not changed', async () => {
  await expect(read(Uint8Array.of(0xff, 0x0a))).rejects.toThrow('is not UTF-8')
})

test('a line without end is refused after 4 KiB, not read on', async () => {
  let chunks = 0
  async function* endless() {
    for (;;) {
      chunks += 1
      yield Buffer.alloc(1024, 'x')
    }
  }
  await expect(readPasswordLine(endless())).rejects.toThrow('too long for a password')
  expect(chunks).toBe(5)
})
