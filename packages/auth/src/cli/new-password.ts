import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { Refusal } from './refusal.ts'

/** More than any password that is accepted, in bytes: what is longer is no password. */
const maxLineBytes = 4096

/**
 * The new password of a user: as given, else asked for twice without an echo on a terminal,
 * else one line of standard input. Judges nothing about it.
 *
 * @param given What `--password` said; `-` and `undefined` mean standard input.
 * @throws {Refusal} There is none, it is not UTF-8, or the two differ.
 */
export async function readNewPassword(given: string | undefined): Promise<string> {
  if (given !== undefined && given !== '-') return given
  const password = process.stdin.isTTY ? await askTwice() : await readPasswordLine(process.stdin)
  if (password === '') throw new Refusal('No password was given.')
  return password
}

/**
 * Reads the first line, without its end.
 *
 * @throws {Refusal} It is longer than any password, or not UTF-8.
 */
export async function readPasswordLine(input: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of input) {
    chunks.push(chunk)
    length += chunk.byteLength
    if (chunk.includes(lineFeed) || length > maxLineBytes) break
  }
  const bytes = Buffer.concat(chunks)
  const end = bytes.indexOf(lineFeed)
  const line = end < 0 ? bytes : bytes.subarray(0, end)
  if (line.byteLength > maxLineBytes) throw new Refusal('This line is too long for a password.')
  return decode(line).replace(/\r$/, '')
}

const lineFeed = 0x0a

// A replacement character in its place would make a password that nobody can type again.
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new Refusal('The password on standard input is not UTF-8.', { cause })
  }
}

/** Asks on a terminal. Prompts go to standard error: standard output is for the answer. */
async function askTwice(): Promise<string> {
  // A terminal of readline's own has no echo but what it writes to `output`, and that is dropped.
  const lines = createInterface({ input: process.stdin, output: nowhere(), terminal: true })
  lines.once('SIGINT', () => lines.close())
  try {
    const typed = lines[Symbol.asyncIterator]()
    const password = await ask('Password: ', typed)
    if (password !== '' && (await ask('The same again: ', typed)) !== password) {
      throw new Refusal('The two passwords differ. Nothing was changed.')
    }
    return password
  } finally {
    lines.close()
  }
}

async function ask(prompt: string, typed: AsyncIterator<string, unknown>): Promise<string> {
  process.stderr.write(prompt)
  const answer: IteratorResult<string, unknown> = await typed.next()
  process.stderr.write('\n')
  // Ctrl-C, or Ctrl-D at the beginning of the line.
  if (answer.done) throw new Refusal('No password was given. Nothing was changed.')
  return answer.value
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}
