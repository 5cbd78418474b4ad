import { expect, test } from 'vitest'
import { createAuth } from '../../app/create-auth.ts'

async function answers(docs: 'on' | 'off', paths: string[]): Promise<[number, string | null][]> {
  const auth = await createAuth({ database: 'sqlite::memory:', docs })
  const ask = (path: string) =>
    auth.handler(new Request(`http://localhost:4000${path}`), '127.0.0.1')
  const all = await Promise.all(paths.map(ask))
  await auth.close()
  return all.map(({ status, headers }) => [status, headers.get('location')])
}

test('the bare address leads to the page, and page and document are there', async () => {
  const paths = ['/', '/api/auth/docs', '/api/auth/openapi.json']
  expect(await answers('on', paths)).toEqual([
    [303, '/api/auth/docs'],
    [200, null],
    [200, null],
  ])
})

test('switched off, none of it is served (lesson 20)', async () => {
  const paths = ['/', '/api/auth/docs', '/api/auth/openapi.json']
  expect(await answers('off', paths)).toEqual(paths.map(() => [404, null]))
})
