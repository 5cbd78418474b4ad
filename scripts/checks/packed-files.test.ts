import { expect, test } from 'vitest'
import { packedFileProblems } from './packed-files.ts'

const complete = ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']

test('a complete package has no problems', () => {
  expect(packedFileProblems([...complete, 'src/index.ts'])).toEqual([])
})

test.each(complete)('a package needs %s', (path) => {
  const paths = complete.filter((other) => other !== path)
  expect(packedFileProblems(paths)).toEqual([`lacks ${path}`])
})

test.each(['src/a.test.ts', 'dist/a.test.js', 'vectors/a.json', 'tsdown.config.ts'])(
  '%s is not for users',
  (path) => {
    expect(packedFileProblems([...complete, path])).toEqual([`should not ship ${path}`])
  },
)
