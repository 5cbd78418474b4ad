import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { givenStore } from '../test-stores.ts'
import { type Attempt, openAuthority, signIn, tally } from './authority.ts'

test('of 20 refreshes by two processes, one rotates and 19 get the same token: 50 sessions', async () => {
  const database = await givenStore().make()
  const authority = await openAuthority(database.url)
  const sessions = await Promise.all(Array.from({ length: 50 }, () => signIn(authority)))
  const racers = [startRacer(database.url), startRacer(database.url)]
  try {
    await Promise.all(racers.map((racer) => racer.nextLine()))
    const tokens = JSON.stringify(sessions.map(({ refreshToken }) => refreshToken))
    const lines = await Promise.all(racers.map((racer) => racer.ask(tokens)))
    const [one = [], other = []] = lines.map((line) => JSON.parse(line) as Attempt[][])
    for (const [index, attempts] of one.entries()) {
      const all = [...attempts, ...(other[index] ?? [])]
      expect(tally(all.map(({ outcome }) => outcome))).toEqual({ rotated: 1, replayed: 19 })
      expect(new Set(all.map(({ token }) => token)).size).toBe(1)
    }
    expect(one).toHaveLength(50)
  } finally {
    await Promise.all(racers.map((racer) => racer.stop()))
    await authority.stores.close()
    database.remove()
  }
}, 60_000)

interface Racer {
  nextLine(): Promise<string>
  ask(line: string): Promise<string>
  stop(): Promise<void>
}

function startRacer(path: string): Racer {
  const script = new URL('racer.ts', import.meta.url).pathname
  const child = spawn(process.execPath, ['--conditions=@countersign/source', script, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error('the racer ended early')
    return value
  }
  return {
    nextLine,
    ask(line) {
      child.stdin.write(`${line}\n`)
      return nextLine()
    },
    stop() {
      child.stdin.end()
      return exited
    },
  }
}
