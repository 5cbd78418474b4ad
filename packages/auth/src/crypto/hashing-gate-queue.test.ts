import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFairQueue, type FairQueue } from './hashing-gate-queue.ts'

/** Fills a queue with items named `network account number`. */
function queueOf(...items: string[]): FairQueue<string> {
  const queue = createFairQueue<string>()
  for (const item of items) addTo(queue, item)
  return queue
}

function addTo(queue: FairQueue<string>, item: string): void {
  const [network = '', account = ''] = item.split(' ')
  queue.add({ network, account }, item)
}

function drain(take: () => string | null): string[] {
  const taken: string[] = []
  for (let item = take(); item !== null; item = take()) taken.push(item)
  return taken
}

describe('next', () => {
  test('comes whoever waits longest, among callers that have one each', () => {
    const queue = queueOf('n1 a1', 'n2 a2', 'n3 a3')
    expect(drain(queue.takeNext)).toEqual(['n1 a1', 'n2 a2', 'n3 a3'])
  })

  test('comes another network after one has had its turn', () => {
    const queue = queueOf('n1 a1', 'n1 a2', 'n1 a3', 'n2 b1')
    expect([queue.takeNext(), queue.takeNext()]).toEqual(['n1 a1', 'n2 b1'])
  })

  test('comes another account after one has had its turn', () => {
    const queue = queueOf('n1 a1', 'n2 a1', 'n3 a1', 'n4 b1')
    expect([queue.takeNext(), queue.takeNext()]).toEqual(['n1 a1', 'n4 b1'])
  })

  test('come the accounts of one network in turn', () => {
    const queue = queueOf('n1 a1 1', 'n1 a1 2', 'n1 a2 1', 'n1 a2 2')
    const accounts = drain(queue.takeNext).map((item) => item.split(' ')[1])
    expect(accounts).toEqual(['a1', 'a2', 'a1', 'a2'])
  })

  test('comes the newest of one account on one network', () => {
    const queue = queueOf('n1 a1 1', 'n1 a1 2', 'n1 a1 3')
    expect(drain(queue.takeNext)).toEqual(['n1 a1 3', 'n1 a1 2', 'n1 a1 1'])
  })

  test('does not come the crowd before everybody else who is there has had a turn', () => {
    const queue = queueOf('n1 a1', 'n1 a2', 'n1 a3', 'n2 b', 'n3 c')
    expect([queue.takeNext(), queue.takeNext(), queue.takeNext()]).toEqual([
      'n1 a1',
      'n2 b',
      'n3 c',
    ])
  })

  test('comes the crowd before those who arrive after its last turn', () => {
    const queue = queueOf('n1 a1', 'n1 a2')
    queue.takeNext()
    addTo(queue, 'n2 b')
    expect(queue.takeNext()).toBe('n1 a2')
  })

  test('comes whoever returned after those who were there before', () => {
    const queue = queueOf('n1 a1')
    queue.takeNext()
    for (const item of ['n2 b', 'n1 a1']) addTo(queue, item)
    expect(queue.takeNext()).toBe('n2 b')
  })

  test('comes nobody when nobody waits', () => {
    expect(queueOf().takeNext()).toBeNull()
  })
})

describe('to go', () => {
  test('is the oldest when everybody has one', () => {
    expect(queueOf('n1 a1', 'n2 a2', 'n3 a3').takeSurplus()).toBe('n1 a1')
  })

  test('is the oldest of the network that has most', () => {
    const queue = queueOf('n2 b1', 'n1 a1', 'n1 a2', 'n1 a3', 'n2 b2', 'n3 c1')
    expect(queue.takeSurplus()).toBe('n1 a1')
  })

  test('is the oldest of the account that has most', () => {
    const queue = queueOf('n0 b', 'n1 a', 'n2 a', 'n3 a', 'n4 c')
    expect(queue.takeSurplus()).toBe('n1 a')
  })

  test('is nobody when nobody waits', () => {
    expect(queueOf().takeSurplus()).toBeNull()
  })
})

describe('whatever comes', () => {
  const name = fc.constantFrom('1', '2', '3')
  const step = fc.oneof(
    fc.tuple(fc.constant('add'), name, name),
    fc.tuple(fc.constant('next')),
    fc.tuple(fc.constant('surplus')),
  )

  test('every item leaves the queue exactly once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = createFairQueue<number>()
        const left: number[] = []
        const added = steps.filter(([kind], index) => {
          const [, network = '', account = ''] = steps[index] ?? []
          if (kind === 'add') queue.add({ network, account }, index)
          const taken = kind === 'next' ? queue.takeNext() : null
          const surplus = kind === 'surplus' ? queue.takeSurplus() : null
          left.push(...[taken, surplus].filter((item) => item !== null))
          return kind === 'add'
        })
        expect(queue.size()).toBe(added.length - left.length)
        for (let item = queue.takeNext(); item !== null; item = queue.takeNext()) left.push(item)
        expect(new Set(left).size).toBe(added.length)
      }),
    )
  })

  test('a caller alone on network and account waits for one turn of each other party at most', () => {
    const others = fc.array(fc.tuple(name, name), { maxLength: 40 })
    fc.assert(
      fc.property(others, (crowd) => {
        const queue = createFairQueue<string>()
        for (const [network, account] of crowd) queue.add({ network, account }, 'crowd')
        queue.add({ network: 'own', account: 'own' }, 'alone')
        const before = drain(queue.takeNext).indexOf('alone')
        const parties = new Set(
          crowd.flatMap(([network, account]) => [`n${network}`, `a${account}`]),
        )
        expect(before).toBeLessThanOrEqual(parties.size)
      }),
    )
  })
})
