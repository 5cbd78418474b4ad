import { expect, test } from 'vitest'
import { interleave } from './interleave.ts'

const never = new AbortController().signal

test('every round starts with another contender', async () => {
  const order: string[] = []
  const contender = (name: string) => ({ name, measure: async () => order.push(name) })
  const contenders = [contender('a'), contender('b'), contender('c')]
  await interleave(contenders, { rounds: 3, timeIsUp: never })
  expect(order.join('')).toBe('abcbcacab')
})

test('a contender gets its own samples in the order of the rounds', async () => {
  let round = 0
  const counts = { name: 'counts', measure: async () => ++round }
  const constant = { name: 'constant', measure: async () => 7 }
  const samples = await interleave([counts, constant], { rounds: 2, timeIsUp: never })
  expect([...samples]).toEqual([
    ['counts', [1, 2]],
    ['constant', [7, 7]],
  ])
})

test('when time is up, the round under way is finished and no other begins', async () => {
  const time = new AbortController()
  const slow = { name: 'slow', measure: async () => time.abort() }
  const other = { name: 'other', measure: async () => 'measured' }
  const samples = await interleave<unknown>([slow, other], { rounds: 5, timeIsUp: time.signal })
  expect([...samples.values()].map((rounds) => rounds.length)).toEqual([1, 1])
})
