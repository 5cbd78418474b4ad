import { expect, test } from 'vitest'
import { optionList } from '../../app/option-list.ts'
import { readConfiguration } from './configuration.ts'
import { optionValues } from './option-values.ts'

const hidden = 'hunter2-hunter2'

function valuesOf(environment: Record<string, string>, flags: readonly string[] = []) {
  const values = optionValues(readConfiguration(environment), new Set(flags))
  return new Map(values.map(({ variable, value, from }) => [variable, { value, from }]))
}

test('every option is there, once', () => {
  const values = optionValues(readConfiguration({}), new Set())
  const variables = values.map(({ variable }) => variable)
  expect(new Set(variables).size).toBe(variables.length)
  expect(variables).toEqual(expect.arrayContaining(optionList.map(({ variable }) => variable)))
  expect(variables).toEqual(expect.arrayContaining(['PORT', 'HOST', 'LOG_LEVEL', 'NODE_ENV']))
})

test('a value comes from the environment as it was written', () => {
  const values = valuesOf({ ACCESS_TOKEN_EXPIRY: ' 10m ' })
  expect(values.get('ACCESS_TOKEN_EXPIRY')).toEqual({ value: '10m', from: 'environment' })
})

test('an empty variable counts as not set', () => {
  expect(valuesOf({ DOCS: '' }).get('DOCS')?.from).toBe('default')
})

test('a flag is told from the environment', () => {
  const values = valuesOf({ DATABASE_URL: 'sqlite:a.db' }, ['DATABASE_URL'])
  expect(values.get('DATABASE_URL')).toEqual({ value: 'sqlite:a.db', from: 'command line' })
})

test('defaults that follow from other options are worked out', () => {
  const values = valuesOf({
    ISSUER: 'https://auth.example.com',
    NODE_ENV: 'production',
    DATABASE_URL: 'sqlite:a.db',
  })
  const shown = ['AUDIENCE', 'SITE_NAME', 'TRUSTED_ORIGINS', 'DOCS', 'COUNTERSIGN_SECRET'].map(
    (variable) => values.get(variable),
  )
  expect(shown).toEqual(
    [
      'https://auth.example.com',
      'auth.example.com',
      'https://auth.example.com',
      'off',
      'a.secret',
    ].map((value) => ({ value, from: 'default' })),
  )
})

test('of a secret it is only said that it is set', () => {
  const values = valuesOf({
    COUNTERSIGN_SECRET: `sqlite:${hidden}`,
    COUNTERSIGN_SECRET_PREVIOUS: hidden,
    ACCESS_TOKEN_SECRET: hidden,
    DATABASE_URL: `postgres://app:${hidden}@x@db/app`,
  })
  expect(JSON.stringify([...values])).not.toContain('hunter2')
  expect(values.get('COUNTERSIGN_SECRET')).toEqual({ value: 'set', from: 'environment' })
})
