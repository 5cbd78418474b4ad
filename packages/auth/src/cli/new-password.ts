import { createInterface, type Interface } from 'node:readline'
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

async function askTwice(): Promise<string> {
  const password = await ask('Password: ')
  if (password !== '' && (await ask('The same again: ')) !== password) {
    throw new Refusal('The two passwords differ. Nothing was changed.')
  }
  return password
}

/** Asks on a terminal. Prompts go to standard error: standard output is for the answer. */
async function ask(prompt: string): Promise<string> {
  process.stderr.write(prompt)
  // In a terminal of its own making readline turns the echo off and writes what is typed to
  // `output`, which drops it.
  const lines = createInterface({ input: process.stdin, output: nowhere(), terminal: true })
  try {
    return await firstLine(lines)
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}

function firstLine(lines: Interface): Promise<string> {
  return new Promise((resolve, reject) => {
    lines.once('line', resolve)
    // Ctrl-C, or Ctrl-D at the beginning of the line.
    lines.once('SIGINT', () => lines.close())
    lines.once('close', () => reject(new Refusal('No password was given. Nothing was changed.')))
  })
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}
