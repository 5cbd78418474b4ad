import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../setup/run.mjs'

const page = join(root, 'docs/security/asvs.md')
const lines = readFileSync(page, 'utf8').split('\n')

const requirements = lines.flatMap((line) => {
  const [, id, level, status] = /^\| (V\d+\.\d+\.\d+) \| (\d) \| .* \| (.+) \|$/.exec(line) ?? []
  return id && level && status ? [{ id, level: Number(level), status }] : []
})

test('every requirement of the chapters on authentication to cryptography has its row', () => {
  expect(requirements).toHaveLength(146)
  expect(new Set(requirements.map(({ id }) => id)).size).toBe(146)
})

describe.each(requirements)('$id', ({ status }) => {
  test('is met by tests and pages that are there, or says why not', () => {
    if (!status.startsWith('met: ')) {
      expect(status).toMatch(/^(?:n\/a|open): \S.{10,}$/)
      return
    }
    const proofs = status.slice('met: '.length).split('<br>')
    const missing = proofs.filter((proof) => !isThere(proof))
    expect(missing).toEqual([])
  })
})

function isThere(proof: string): boolean {
  const [, docs, name = '', path = ''] = /^(docs: )?\[(.+)\]\((\S+?)\)$/.exec(proof) ?? []
  if (path === '') return false
  const source = readFileSync(join(page, '..', path), 'utf8')
  return (
    docs !== undefined ||
    ["'", '`', '"'].some((quote) => source.includes(`${quote}${name}${quote}`))
  )
}

test.each([1, 2, 3])('the counts of level %i are those of the tables', (level) => {
  const all = requirements.filter((requirement) => requirement.level <= level)
  const met = all.filter(({ status }) => status.startsWith('met: ')).length
  const applicable = all.filter(({ status }) => !status.startsWith('n/a')).length
  const row = lines.find((line) => line.startsWith(`| L${level}`))
  const [, ...counts] =
    row
      ?.split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()) ?? []
  expect(counts.map(Number)).toEqual([met, applicable, all.length])
})
