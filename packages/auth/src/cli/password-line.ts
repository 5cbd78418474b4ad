import { Refusal } from './refusal.ts'

/** More than any password that is accepted, in bytes: what is longer is no password. */
const maxLineBytes = 4096
const lineFeed = 0x0a

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

// A replacement character in its place would make a password that nobody can type again.
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new Refusal('The password on standard input is not UTF-8.', { cause })
  }
}
