import { scrypt } from 'node:crypto'
import { isEqualConstantTime } from '../../base/constant-time.ts'
import { decodeHashBase64, decodeHashOutput } from './base64.ts'
import type { ReadHash } from './read-hash.ts'

/** The parameters of RFC 7914 §2, N as its logarithm. */
export interface ScryptCost {
  readonly ln: number
  readonly r: number
  readonly p: number
}

const phc =
  /^\$scrypt\$ln=(?<ln>\d{1,2}),r=(?<r>\d{1,4}),p=(?<p>\d{1,4})\$(?<salt>[\w+/.-]{0,342})\$(?<output>[\w+/.-]+)={0,2}$/

const mebibyte = 2 ** 20
/** 2^20 take about half a second. */
const maxWork = 2 ** 21
const maxMemoryBytes = 128 * mebibyte
const mostOf = { r: 64, p: 64 }

/** Reads the form of PHC strings and of passlib: `$scrypt$ln=17,r=8,p=1$` with salt and output. */
export function readScrypt(text: string): ReadHash {
  const found = phc.exec(text)?.groups
  if (!found) return { problem: 'It is no complete scrypt hash ($scrypt$ln=…,r=…,p=…$…$…).' }
  const cost = { ln: Number(found['ln']), r: Number(found['r']), p: Number(found['p']) }
  const problem = scryptCostProblem(cost)
  if (problem !== null) return { problem }
  const salt = decodeHashBase64(found['salt'] ?? '')
  const output = decodeHashOutput(found['output'] ?? '')
  if (!salt || !output) return { problem: 'Salt or output of its scrypt are not whole.' }
  return {
    hash: {
      maxPasswordBytes: null,
      async matches(password) {
        const length = output.byteLength
        return isEqualConstantTime(await deriveScrypt(password, { salt, cost, length }), output)
      },
    },
  }
}

/** @returns Why scrypt of this cost is not taken; `null` when it is. */
export function scryptCostProblem({ ln, r, p }: ScryptCost): string | null {
  if (ln < 1 || r < 1 || p < 1) return 'Its scrypt parameters are below 1.'
  const isCheap =
    r <= mostOf.r &&
    p <= mostOf.p &&
    128 * r * 2 ** ln <= maxMemoryBytes &&
    2 ** ln * r * p <= maxWork
  return isCheap ? null : 'Its scrypt parameters cost more than 128 MiB or about a second.'
}

/** scrypt on libuv's threads. */
export function deriveScrypt(
  password: string,
  { salt, cost, length }: { salt: Uint8Array; cost: ScryptCost; length: number },
): Promise<Buffer> {
  const { ln, r, p } = cost
  // Node reckons its own overhead into the limit; the cost was bounded when it was read.
  const options = { N: 2 ** ln, r, p, maxmem: 2 * maxMemoryBytes }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, output) => {
      if (error) reject(error)
      else resolve(output)
    })
  })
}
