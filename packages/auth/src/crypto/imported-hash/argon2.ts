import { verify } from '@node-rs/argon2'
import { decodeHashBase64, decodeHashOutput } from './base64.ts'
import type { ReadHash } from './read-hash.ts'

// Without a version it is 16 (1.0). No `keyid`, no `data`: what was hashed along is not known.
const phc =
  /^\$argon2(?:id|i|d)\$(?:v=(?:16|19)\$)?m=(?<m>\d{1,7}),t=(?<t>\d{1,7}),p=(?<p>\d{1,3})\$(?<salt>[A-Za-z0-9+/]+)\$(?<output>[A-Za-z0-9+/]+)$/

const peppered = /^\$argon2[^$]*\$(?:v=\d+\$)?[^$]*(?:keyid|data)=/

const maxMemoryKib = 128 * 1024
/** In KiB passed over: 2^20 take about half a second. */
const maxWork = 2 ** 21
const maxLanes = 16
const saltBytes = { least: 8, most: 256 }

/** Reads the PHC string of argon2i, argon2d or argon2id, of version 16 or 19 (RFC 9106 §3.1). */
export function readArgon2(text: string): ReadHash {
  const found = phc.exec(text)?.groups
  if (!found) return { problem: whyNotRead(text) }
  const cost = costProblem({ m: Number(found['m']), t: Number(found['t']), p: Number(found['p']) })
  if (cost !== null) return { problem: cost }
  const isWhole =
    isSalt(decodeHashBase64(found['salt'] ?? '')) &&
    decodeHashOutput(found['output'] ?? '') !== null
  if (!isWhole) return { problem: 'Salt or output of its argon2 are not whole.' }
  return { hash: { maxPasswordBytes: null, matches: (password) => verify(text, password) } }
}

/** @returns Why argon2 of this cost is not taken; `null` when it is. */
function costProblem({ m, t, p }: { m: number; t: number; p: number }): string | null {
  // RFC 9106 §3.1: eight blocks for each lane.
  if (t < 1 || p < 1 || m < 8 * p) return 'Its argon2 parameters are too small.'
  const isCheap = m <= maxMemoryKib && m * t <= maxWork && p <= maxLanes
  return isCheap ? null : 'Its argon2 parameters cost more than 128 MiB or about a second.'
}

function whyNotRead(text: string): string {
  return peppered.test(text)
    ? 'A secret went into its argon2, and that is not in the file.'
    : 'It is no complete argon2 hash.'
}

function isSalt(bytes: Buffer | null): boolean {
  return bytes !== null && bytes.byteLength >= saltBytes.least && bytes.byteLength <= saltBytes.most
}
