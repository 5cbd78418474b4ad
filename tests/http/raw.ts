import { connect } from 'node:net'

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  /** Names in lower case, each value of its own. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

/**
 * Writes text to a connection as it stands, line ends included, and reads until the other side
 * closes: a request should ask for that. Waits between several pieces of text.
 *
 * @returns Every answer, in order.
 */
export async function sendRaw(
  port: number,
  pieces: string | readonly string[],
  { pauseMs = 0 }: { pauseMs?: number } = {},
): Promise<RawAnswer[]> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => resolve())
    // A server that refuses may reset the connection; what came before counts.
    socket.on('error', () => resolve())
  })
  for (const piece of [pieces].flat()) {
    socket.write(piece, 'latin1')
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  await closed
  return parseAnswers(Buffer.concat(chunks).toString('latin1'))
}

/** The text of a request that asks to close the connection afterwards. */
export function rawRequest(
  firstLine: string,
  headers: readonly string[] = [],
  { host = 'auth.example.com', body = '' } = {},
): string {
  const lines = [firstLine, `Host: ${host}`, 'Connection: close', ...headers]
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  return `${[...lines, ...length].join('\r\n')}\r\n\r\n${body}`
}

function parseAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = []
  let rest = text
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n') + 4
    const [first = '', ...lines] = rest.slice(0, end).trimEnd().split('\r\n')
    const headers = lines.map(parseHeader)
    const { body, length } = bodyAt(rest.slice(end), headers)
    answers.push({ status: Number(first.split(' ')[1]), headers, body })
    rest = rest.slice(end + length)
  }
  return answers
}

function parseHeader(line: string): readonly [string, string] {
  const at = line.indexOf(':')
  return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
}

/** The body at the start of a text, and how much of the text it takes up. */
function bodyAt(text: string, headers: RawAnswer['headers']): { body: string; length: number } {
  const valueOf = (wanted: string) => headers.find(([name]) => name === wanted)?.[1]
  if (valueOf('transfer-encoding') !== 'chunked') {
    const length = Number(valueOf('content-length') ?? 0)
    return { body: text.slice(0, length), length }
  }
  const length = text.indexOf('0\r\n\r\n') + '0\r\n\r\n'.length
  const body = text.slice(0, length).replaceAll(/(?:^|\r\n)[0-9a-f]+\r\n(?:\r\n)?/g, '')
  return { body, length }
}
