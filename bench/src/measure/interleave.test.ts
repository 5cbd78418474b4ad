import { expect, test } from 'vitest'
import { interleave } from './interleave.ts'

test('every round starts with another contender', async () => {
  const order: string[] = []
  const contender = (name: string) => ({
    name,
    measure: async () => order.push(name),
  })
  await interleave([contender('a'), contender('b'), contender('c')], 3)
  expect(order.join('')).toBe('abcbcacab')
})

test('a contender gets its own samples in the order of the rounds', async () => {
  let round = 0
  const samples = await interleave(
    [
      { name: 'counts', measure: async () => ++round },
      { name: 'constant', measure: async () => 7 },
    ],
    2,
  )
  expect(samples.get('counts')).toEqual([1, 2])
  expect(samples.get('constant')).toEqual([7, 7])
})
