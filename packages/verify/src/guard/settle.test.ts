import { expect, test } from 'vitest'
import { settle } from './settle.ts'

/** What was called, in order. */
function record(run: () => string | Promise<string>) {
  const calls: string[] = []
  const later = settle(
    run,
    (result) => void calls.push(`pass ${result}`),
    (error) => void calls.push(`refuse ${String(error)}`),
  )
  return { calls, later }
}

test('a result that is there passes at once, without a promise', () => {
  expect(record(() => 'a')).toEqual({ calls: ['pass a'], later: undefined })
})

test('what is thrown is refused at once', () => {
  const { calls } = record(() => {
    throw new Error('no')
  })
  expect(calls).toEqual(['refuse Error: no'])
})

test('a result that comes later passes later', async () => {
  const { calls, later } = record(async () => 'a')
  expect(calls).toEqual([])
  await later
  expect(calls).toEqual(['pass a'])
})

test('what fails later is refused, and the promise is good', async () => {
  const { calls, later } = record(async () => {
    throw new Error('no')
  })
  await expect(later).resolves.toBeUndefined()
  expect(calls).toEqual(['refuse Error: no'])
})

test('an error behind the guard is not answered as a refusal', () => {
  const refused: unknown[] = []
  const run = () =>
    settle(
      () => 'a',
      () => {
        throw new Error('handler')
      },
      (error) => refused.push(error),
    )
  expect(run).toThrow('handler')
  expect(refused).toEqual([])
})

test('an error behind a guard that waited is not answered as a refusal', async () => {
  const refused: unknown[] = []
  const later = settle(
    async () => 'a',
    () => {
      throw new Error('handler')
    },
    (error) => refused.push(error),
  )
  await expect(later).rejects.toThrow('handler')
  expect(refused).toEqual([])
})
