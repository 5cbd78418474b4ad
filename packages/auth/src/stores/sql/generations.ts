import type { Generation } from '../../model/session.ts'

const hashBytes = 32
const timeBytes = 8
const entryBytes = hashBytes + timeBytes

/**
 * Writes generations one after the other: 32 bytes of hash, then the time as an unsigned
 * 64-bit big-endian number.
 *
 * @throws {TypeError} when a hash is not 32 bytes long.
 */
export function encodeGenerations(generations: readonly Generation[]): Uint8Array {
  const bytes = Buffer.alloc(generations.length * entryBytes)
  for (const [index, { hash, startedAt }] of generations.entries()) {
    if (hash.byteLength !== hashBytes) throw new TypeError('A generation hash has 32 bytes.')
    bytes.set(hash, index * entryBytes)
    bytes.writeBigUInt64BE(BigInt(startedAt), index * entryBytes + hashBytes)
  }
  return bytes
}

/** @throws {Error} when the bytes are not a whole number of entries. */
export function decodeGenerations(stored: Uint8Array): Generation[] {
  if (stored.byteLength % entryBytes !== 0) throw new Error('Stored generations are damaged.')
  // A plain copy: drivers give Buffers, and those may be views of a larger piece of memory.
  const bytes = new Uint8Array(stored)
  const view = new DataView(bytes.buffer)
  return Array.from({ length: bytes.byteLength / entryBytes }, (_, index) => {
    const start = index * entryBytes
    return {
      hash: bytes.slice(start, start + hashBytes),
      startedAt: Number(view.getBigUint64(start + hashBytes)),
    }
  })
}
