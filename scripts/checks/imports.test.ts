import { expect, test } from 'vitest'
import { importsOf, onlyReExports } from './imports.ts'

test.each([
  ["import { a } from './a.ts'", './a.ts'],
  ["import type { A } from './a.ts'", './a.ts'],
  ["import { type A, a } from './a.ts'", './a.ts'],
  ["import a, { b } from './a.ts'", './a.ts'],
  ["import * as a from './a.ts'", './a.ts'],
  ["import {\n  a,\n  b,\n} from './a.ts'", './a.ts'],
  ["import a from './a.json' with { type: 'json' }", './a.json'],
  ["import './a.ts'", './a.ts'],
  ["export { a } from './a.ts'", './a.ts'],
  ["export type { A } from './a.ts'", './a.ts'],
  ["export * from './a.ts'", './a.ts'],
  ["export * as a from './a.ts'", './a.ts'],
  ["  const { a } = await import('./a.ts')", './a.ts'],
  ["type A = import('./a.ts').A", './a.ts'],
])('%j is seen', (line, specifier) => {
  expect(importsOf(`const before = 1\n${line}\n`)).toEqual([specifier])
})

test.each([
  ["export const a = 'from'"],
  ["// import { a } from './a.ts'"],
  [" * import { a } from './a.ts'"],
  ["  // await import('./a.ts')"],
  ["export interface A {\n  /** Comes from 'b'. */\n  b: string\n}"],
])('%j is no import', (line) => {
  expect(importsOf(`${line}\n`)).toEqual([])
})

test('a module named twice is given once', () => {
  expect(importsOf("import { a } from 'a'\nexport { b } from 'a'\n")).toEqual(['a'])
})

test('comments and re-exports are only re-exports', () => {
  const text =
    "/**\n * What users get.\n */\nexport {\n  a,\n} from './a.ts'\nexport * from './b.ts'\n"
  expect(onlyReExports(text)).toBe(true)
})

test('a statement beside re-exports is more', () => {
  expect(onlyReExports("export { a } from './a.ts'\nstart()\n")).toBe(false)
})
