import { expect, test } from 'vitest'
import { maxTokenLength, splitCompactJws } from './compact-jws.ts'

test('the parts of a token are decoded, and what was signed is kept as received', () => {
  expect(splitCompactJws('YQ.Yg.Yw')).toEqual({
    header: 'YQ',
    payload: Buffer.from('b'),
    signature: Buffer.from('c'),
    signedData: Buffer.from('YQ.Yg'),
  })
})

test.each([
  '',
  '.',
  '..',
  'YQ',
  'YQ.Yg',
  'YQ.Yg.',
  'YQ..Yw',
  '.Yg.Yw',
  'YQ.Yg.Yw.',
  'YQ.Yg.Yw.ZA',
  '.YQ.Yg.Yw',
  'YQ.Yg.Yw.ZA.ZQ',
  'YQ.Yg.Yw=',
  'YQ.Yh.Yw',
  'YQ.Yg.Yx',
  ' YQ.Yg. Yw',
  '{"payload":"Yg"}',
])('%j is refused', (token) => {
  expect(() => splitCompactJws(token)).toThrow(expect.objectContaining({ code: 'TOKEN_INVALID' }))
})

test('the longest token is taken', () => {
  const token = `YQ.${'A'.repeat(maxTokenLength - 8)}.YWE`
  expect(splitCompactJws(token.slice(0, maxTokenLength)).header).toBe('YQ')
})

test('a longer token is refused unread (lesson 8)', () => {
  expect(() => splitCompactJws(`YQ.${'A'.repeat(maxTokenLength)}.Yw`)).toThrow(
    expect.objectContaining({ detail: 'too long' }),
  )
})

test('a megabyte of dots costs no more than a look at its length (lesson 8)', () => {
  expect(() => splitCompactJws('.'.repeat(1_000_000))).toThrow(
    expect.objectContaining({ detail: 'too long' }),
  )
})
