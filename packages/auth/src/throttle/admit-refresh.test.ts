import { expect, test } from 'vitest'
import { silentLogger } from '../ports/logger.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { admitRefresh } from './admit-refresh.ts'
import { createThrottle } from './throttle.ts'

function setUp() {
  const clock = fakeClock()
  const throttle = createThrottle({ clock, log: silentLogger }, { enabled: true })
  async function countAdmitted(times: number, input: { network: string; session?: string }) {
    const tries = Array.from({ length: times }, () => admitRefresh(throttle, input))
    const settled = await Promise.allSettled(tries)
    return settled.filter(({ status }) => status === 'fulfilled').length
  }
  return { clock, countAdmitted }
}

test('a session may refresh 60 times a minute', async () => {
  const { clock, countAdmitted } = setUp()
  expect(await countAdmitted(100, { network: 'a', session: 'ses_1' })).toBe(60)
  clock.advance(60)
  expect(await countAdmitted(100, { network: 'a', session: 'ses_1' })).toBe(60)
})

test('sessions of one network do not count for each other', async () => {
  const { countAdmitted } = setUp()
  await countAdmitted(100, { network: 'a', session: 'ses_1' })
  expect(await countAdmitted(60, { network: 'a', session: 'ses_2' })).toBe(60)
})

test('a network may refresh 300 times a minute, with tokens or garbage', async () => {
  const { countAdmitted } = setUp()
  expect(await countAdmitted(400, { network: 'a' })).toBe(300)
  expect(await countAdmitted(1, { network: 'a', session: 'ses_1' })).toBe(0)
})
