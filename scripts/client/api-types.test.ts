import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { apiTypes, apiTypesPath } from './api-types.ts'

test('the client knows answers as the authority describes them', () => {
  const written = readFileSync(apiTypesPath, 'utf8')
  expect(written, 'out of date: run `npm run client-types`').toBe(apiTypes())
})
