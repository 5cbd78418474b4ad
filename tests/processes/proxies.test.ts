import { expect, test } from 'vitest'
import { type Answer, callAs, post, type Target } from './client.ts'
import { createSandbox } from './sandbox.ts'

const sandbox = createSandbox()
const inMemory = { DATABASE_URL: 'sqlite::memory:' }

let users = 0
function registerFrom(target: Target, forwardedFor: string): Promise<Answer> {
  const user = { email: `user${++users}@example.com`, password: 'correct horse battery' }
  return post(target, '/register', user, { headers: { 'x-forwarded-for': forwardedFor } })
}

async function addressOfSession(target: Target, forwardedFor: string): Promise<unknown> {
  const { body } = await registerFrom(target, forwardedFor)
  const token = { accessToken: String(body?.['accessToken']) }
  const answer = await callAs(token, target, '/sessions')
  const { sessions } = answer.body as { sessions?: { ip: string }[] }
  return sessions?.[0]?.ip
}

test.concurrent('by default nobody is believed who says where a request comes from', async () => {
  const server = await sandbox.serve(inMemory)
  expect(await addressOfSession(server, '203.0.113.7')).toBe('127.0.0.1')
  const answers = await inTurn(10, (number) => registerFrom(server, `203.0.${number}.7`))
  expect(answers.map(({ status }) => status)).toEqual([...Array(9).fill(201), 429])
  expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0)
})

test.concurrent('behind one proxy, whom it heard from is counted, and not what they say', async () => {
  const server = await sandbox.serve({ ...inMemory, TRUST_PROXY: '1' })
  expect(await addressOfSession(server, '198.51.100.1, 203.0.113.7')).toBe('203.0.113.7')
  const answers = await inTurn(10, (number) =>
    registerFrom(server, `198.51.${number}.1, 203.0.113.8`),
  )
  expect(answers.map(({ status }) => status)).toEqual([...Array(9).fill(201), 429])
  expect(await registerFrom(server, '203.0.114.7')).toMatchObject({ status: 201 })
})

/** Does something so many times, one after another. */
async function inTurn<T>(count: number, work: (number: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let number = 0; number < count; number++) results.push(await work(number))
  return results
}
