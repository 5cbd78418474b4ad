import { expect, test } from 'vitest'
import { silentLogger } from '../ports/logger.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { admitRegistration } from './admit-registration.ts'
import { createThrottle } from './throttle.ts'

function setUp() {
  const clock = fakeClock()
  const throttle = createThrottle({ clock, log: silentLogger }, { enabled: true })
  const register = (network: string) => admitRegistration(throttle, { network })
  return { clock, register }
}

test('of 50 registrations at once from one network ten are admitted', async () => {
  const { register } = setUp()
  const tries = await Promise.allSettled(Array.from({ length: 50 }, () => register('a')))
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
})

test('a network may register again an hour after its first', async () => {
  const { clock, register } = setUp()
  for (let i = 0; i < 10; i += 1) await register('a')
  clock.advance(3599)
  await expect(register('a')).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1 })
  clock.advance(1)
  await expect(register('a')).resolves.toBeUndefined()
})

test('networks do not count for each other', async () => {
  const { register } = setUp()
  for (let i = 0; i < 10; i += 1) await register('a')
  await expect(register('b')).resolves.toBeUndefined()
})
