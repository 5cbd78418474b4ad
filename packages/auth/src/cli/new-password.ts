import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { readPasswordLine } from './password-line.ts'
import { Refusal } from './refusal.ts'

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
