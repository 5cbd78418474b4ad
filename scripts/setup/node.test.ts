import { expect, test } from 'vitest'
import { isAtLeast } from './node.mjs'

test.each(['22.18.0', '22.18.1', '22.20.0', '24.0.0', '100.0.0'])('%s is new enough', (version) => {
  expect(isAtLeast(version, '22.18.0')).toBe(true)
})

test.each(['22.17.9', '22.9.0', '20.20.2', '9.99.99'])('%s is too old', (version) => {
  expect(isAtLeast(version, '22.18.0')).toBe(false)
})
