import { expect, test } from 'vitest'
import { type LayerTable, layerProblems } from './layers.ts'

const table: LayerTable = {
  mayImport: {
    base: [],
    ports: ['base'],
    stores: ['base'],
    features: ['base', 'ports'],
    testing: ['base', 'ports', 'features'],
  },
  dependencyOnlyIn: { kysely: ['stores'], '@node-rs/argon2': ['ports'] },
  clockOnlyIn: ['ports'],
  separated: ['features'],
  withoutDependencies: ['base'],
}

const problemsOf = (files: Record<string, string>) =>
  layerProblems(new Map(Object.entries(files)), table)

const importing = (specifier: string) => `import { x } from '${specifier}'\n`

test('a house in order has no problems', () => {
  const problems = problemsOf({
    'index.ts': "export { login } from './features/login/login.ts'\n",
    'base/time.ts': importing('node:crypto'),
    'ports/clock.ts': `${importing('../base/time.ts')}const now = new Date()\n`,
    'stores/sql.ts': importing('kysely'),
    'features/deps.ts': importing('../ports/clock.ts'),
    'features/login/login.ts': importing('../deps.ts') + importing('./rule.ts'),
    'features/login/rule.ts': importing('../../base/time.ts'),
    'testing/fakes.ts': importing('../features/deps.ts'),
  })
  expect(problems).toEqual([])
})

test('a folder imports only what its row allows', () => {
  const problems = problemsOf({
    'base/time.ts': importing('../ports/clock.ts'),
    'ports/clock.ts': '',
  })
  expect(problems).toEqual(['base/time.ts: imports ../ports/clock.ts; base must not know ports'])
})

test('an import of types alone counts', () => {
  const problems = problemsOf({
    'stores/sql.ts': "import type { Clock } from '../ports/clock.ts'\n",
    'ports/clock.ts': '',
  })
  expect(problems).toEqual(['stores/sql.ts: imports ../ports/clock.ts; stores must not know ports'])
})

test('product code does not import what is for tests', () => {
  const problems = problemsOf({
    'features/deps.ts': importing('../testing/fakes.ts'),
    'testing/fakes.ts': '',
  })
  expect(problems).toEqual([
    'features/deps.ts: imports ../testing/fakes.ts; features must not know testing',
  ])
})

test('a feature does not import another', () => {
  const problems = problemsOf({
    'features/login/login.ts': importing('../logout/logout.ts'),
    'features/logout/logout.ts': '',
  })
  expect(problems).toEqual([
    'features/login/login.ts: imports ../logout/logout.ts; login must not know logout',
  ])
})

test('what features share imports none of them', () => {
  const problems = problemsOf({
    'features/deps.ts': importing('./login/login.ts'),
    'features/login/login.ts': '',
  })
  expect(problems).toEqual([
    'features/deps.ts: imports ./login/login.ts; what all of features share must not know one of them',
  ])
})

test('a public file is not imported from inside', () => {
  const problems = problemsOf({ 'ports/clock.ts': importing('../index.ts'), 'index.ts': '' })
  expect(problems).toEqual([
    'ports/clock.ts: imports ../index.ts; a public file is for users alone',
  ])
})

test('an import leads nowhere outside of src', () => {
  const problems = problemsOf({ 'ports/clock.ts': importing('../../../verify/src/index.ts') })
  expect(problems).toEqual([
    'ports/clock.ts: imports ../../../verify/src/index.ts; that is outside of src',
  ])
})

test('a folder may read the version of its package', () => {
  expect(problemsOf({ 'ports/clock.ts': importing('../../package.json') })).toEqual([])
})

test('a dependency stays in its folder', () => {
  const problems = problemsOf({ 'features/deps.ts': importing('@node-rs/argon2/binding') })
  expect(problems).toEqual([
    'features/deps.ts: imports @node-rs/argon2/binding; @node-rs/argon2 belongs in ports',
  ])
})

test('the lowest layer imports no dependency', () => {
  const problems = problemsOf({ 'base/time.ts': importing('zod') })
  expect(problems).toEqual(['base/time.ts: imports zod; base imports nothing but Node'])
})

test('a ring of files is found', () => {
  const problems = problemsOf({
    'base/a.ts': importing('./b.ts'),
    'base/b.ts': importing('./c.ts'),
    'base/c.ts': importing('./a.ts'),
  })
  expect(problems).toEqual(['cycle: base/a.ts → base/b.ts → base/c.ts → base/a.ts'])
})

test('a ring of types is found', () => {
  const problems = problemsOf({
    'base/a.ts': "export type A = import('./b.ts').B\n",
    'base/b.ts': "import type { A } from './a.ts'\n",
  })
  expect(problems).toEqual(['cycle: base/a.ts → base/b.ts → base/a.ts'])
})

test('a file may be reached by two ways', () => {
  const problems = problemsOf({
    'base/a.ts': importing('./b.ts') + importing('./c.ts'),
    'base/b.ts': importing('./c.ts'),
    'base/c.ts': '',
  })
  expect(problems).toEqual([])
})

test('a folder without a row is misplaced', () => {
  expect(problemsOf({ 'stuff/a.ts': '' })).toEqual([
    'stuff/a.ts: the folder stuff has no place in the layers',
  ])
})

test('a folder is named after its subject', () => {
  expect(problemsOf({ 'features/utils/a.ts': '' })).toEqual([
    'features/utils/a.ts: no folder is called utils; name its subject',
  ])
})

test('there is no index.ts below src', () => {
  expect(problemsOf({ 'features/login/index.ts': '' })).toEqual([
    'features/login/index.ts: no index.ts below src; import the file itself',
  ])
})

test('a file ends before 400 lines are over', () => {
  const problems = problemsOf({
    'base/fits.ts': 'x\n'.repeat(400),
    'base/long.ts': 'x\n'.repeat(401),
  })
  expect(problems).toEqual(['base/long.ts: 401 lines, more than 400'])
})

test('index.ts does nothing but re-export', () => {
  const problems = problemsOf({ 'index.ts': '/** Says hello. */\nexport const hello = 1\n' })
  expect(problems).toEqual(['index.ts: does more than re-export'])
})

test('the clock is read through its port', () => {
  expect(problemsOf({ 'base/time.ts': 'const now = new Date()\n' })).toEqual([
    'base/time.ts: new Date() reads the clock; take the time as an argument',
  ])
})

test('a date made of a time is no reading of the clock', () => {
  const text = '// Unlike new Date()\nexport const at = new Date(0)\n'
  expect(problemsOf({ 'base/time.ts': text })).toEqual([])
})

test('tests import what they like', () => {
  const problems = problemsOf({
    'base/time.test.ts': importing('../features/deps.ts') + importing('zod'),
    'features/deps.ts': '',
  })
  expect(problems).toEqual([])
})
