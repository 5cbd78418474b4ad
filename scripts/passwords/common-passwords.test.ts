import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commonPasswordsModule, outputPath } from './common-passwords.ts'

test('the list of common passwords is what the script makes of its source', () => {
  const isCurrent = readFileSync(outputPath, 'utf8') === commonPasswordsModule()
  expect(isCurrent, 'out of date: run `npm run passwords`').toBe(true)
})
