/** The part of `fetch` that is used. It must honour `signal` and `redirect`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The text of a key set as an issuer gave it. */
export interface KeySetText {
  readonly text: string
  readonly etag: string | undefined
}

/** A key set that is current, whether it came anew or was confirmed. */
export interface Download extends KeySetText {
  readonly maxAgeSeconds: number | undefined
}

/** Bounds of one download. */
export interface DownloadLimits {
  /** For the whole answer, from the connection to the last byte. */
  readonly timeoutMs: number
  /** After decompression. */
  readonly maxBytes: number
}

/**
 * Asks once for a key set. Follows no redirect, sends nothing but the `ETag` of the set that is
 * `held`, and stops reading at the size limit. Does not look at the content type: issuers send
 * many; what counts is whether the text is a key set.
 *
 * @throws {Error} Anything but a whole 200, or a 304 for the set that is held. For logs.
 */
export async function download(
  fetch: Fetch,
  uri: string,
  held: KeySetText | null,
  { timeoutMs, maxBytes }: DownloadLimits,
): Promise<Download> {
  const response = await fetch(uri, {
    headers: {
      accept: 'application/jwk-set+json, application/json',
      ...(held?.etag !== undefined && { 'if-none-match': held.etag }),
    },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  const maxAgeSeconds = maxAgeOf(response.headers.get('cache-control'))
  if (response.status === 304 && held?.etag !== undefined) {
    return { text: held.text, etag: held.etag, maxAgeSeconds }
  }
  if (response.status !== 200 || response.redirected) {
    await response.body?.cancel()
    throw new Error(`The key set was answered with status ${response.status}.`)
  }
  const text = await readText(response, maxBytes)
  return { text, etag: response.headers.get('etag') ?? undefined, maxAgeSeconds }
}

/** RFC 9111 §5.2.2.1. Other directives, `Age` and `Expires` are not looked at. */
function maxAgeOf(cacheControl: string | null): number | undefined {
  const seconds = /(?:^|[\s,])max-age=(\d{1,9})(?:[\s,]|$)/i.exec(cacheControl ?? '')?.[1]
  return seconds === undefined ? undefined : Number(seconds)
}

/** Reads UTF-8 up to a limit. The length the sender announces is not believed. */
async function readText(response: Response, maxBytes: number): Promise<string> {
  const body: AsyncIterable<Uint8Array> | null = response.body
  if (body === null) return ''
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.byteLength
    if (length > maxBytes) throw new Error(`The key set is larger than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
}
