import { randomBytes } from 'node:crypto'

/** Where unguessable bytes come from. */
export interface Random {
  bytes(length: number): Uint8Array
}

export const systemRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
}
