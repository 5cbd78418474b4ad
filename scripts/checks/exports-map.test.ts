import { expect, test } from 'vitest'
import { exportsMapProblems } from './exports-map.ts'

const index = {
  '@countersign/source': './src/index.ts',
  types: './dist/index.d.ts',
  default: './dist/index.js',
}

test('a map that names every public file has no problems', () => {
  const exports = { '.': index, './package.json': './package.json' }
  expect(exportsMapProblems(exports, ['index.ts'])).toEqual([])
})

test('a public file that the map lacks is found', () => {
  expect(exportsMapProblems({ '.': index }, ['index.ts', 'express.ts'])).toEqual([
    './express is a file under src, and not in the exports map',
  ])
})

test('an entry without a file is found', () => {
  expect(exportsMapProblems({ '.': index }, [])).toEqual([
    '. is in the exports map, and no file under src',
  ])
})

test('types come before the code they describe', () => {
  const { types, ...rest } = index
  expect(exportsMapProblems({ '.': { ...rest, types } }, ['index.ts'])).toEqual([
    `. should lead to ${JSON.stringify(index)}`,
  ])
})
