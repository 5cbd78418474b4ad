import { expect, test } from 'vitest'
import { batched, compiledBySize } from './batch.ts'

/** Statements that end when told, and what each was asked. */
function statements() {
  const sent: { inputs: readonly string[]; end: () => void; fail: () => void }[] = []
  const call = batched<string, string>({
    keyOf: (input) => input.slice(0, 1),
    run: (inputs) =>
      new Promise((resolve, reject) => {
        const end = () => resolve(inputs.map((input) => `${input}!`))
        sent.push({ inputs, end, fail: () => reject(new Error('gone')) })
      }),
  })
  return { call, sent }
}

test('a call at a quiet time is sent at once and alone', async () => {
  const { call, sent } = statements()
  const answer = call('a')
  expect(sent.map(({ inputs }) => inputs)).toEqual([['a']])
  sent[0]?.end()
  expect(await answer).toBe('a!')
})

test('calls that come while a statement is on its way go together in the next', async () => {
  const { call, sent } = statements()
  const answers = ['a', 'b', 'c'].map(call)
  sent[0]?.end()
  await new Promise(setImmediate)
  expect(sent.map(({ inputs }) => inputs)).toEqual([['a'], ['b', 'c']])
  sent[1]?.end()
  expect(await Promise.all(answers)).toEqual(['a!', 'b!', 'c!'])
})

test('of two calls with one key the second goes into a later statement', async () => {
  const { call, sent } = statements()
  const answers = ['a', 'b1', 'b2', 'c'].map(call)
  for (let next = 0; next < 3; next++) {
    sent[next]?.end()
    await new Promise(setImmediate)
  }
  expect(sent.map(({ inputs }) => inputs)).toEqual([['a'], ['b1', 'c'], ['b2']])
  expect(await Promise.all(answers)).toEqual(['a!', 'b1!', 'b2!', 'c!'])
})

test('a statement holds sixteen calls and no more', async () => {
  const { call, sent } = statements()
  const letters = Array.from({ length: 1 + 16 + 2 }, (_, i) => String.fromCharCode(97 + i))
  for (const letter of letters) void call(letter)
  sent[0]?.end()
  await new Promise(setImmediate)
  expect(sent[1]?.inputs).toHaveLength(16)
  sent[1]?.end()
  await new Promise(setImmediate)
  expect(sent[2]?.inputs).toHaveLength(2)
})

test('a statement that fails fails for those in it, and the next ones go on', async () => {
  const { call, sent } = statements()
  const first = call('a')
  const second = call('b')
  sent[0]?.fail()
  await expect(first).rejects.toThrow('gone')
  sent[1]?.end()
  expect(await second).toBe('b!')
})

test('nobody waits long behind a statement that waits for something', async () => {
  const { call, sent } = statements()
  const stuck = call('a')
  const other = call('b')
  await expect.poll(() => sent.length).toBe(2)
  sent[1]?.end()
  expect(await other).toBe('b!')
  sent[0]?.end()
  expect(await stuck).toBe('a!')
})

test('statements are compiled once for each power of two', () => {
  const compiled: number[] = []
  const sizes = compiledBySize((size) => compiled.push(size))
  expect([1, 2, 3, 4, 5, 8, 16].map((count) => sizes.for(count).size)).toEqual([
    1, 2, 4, 4, 8, 8, 16,
  ])
  expect(compiled).toEqual([1, 2, 4, 8, 16])
})
