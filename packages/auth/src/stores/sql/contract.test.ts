import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, test } from 'vitest'
import type { Stores } from '../../model/stores.ts'
import { silentLogger } from '../../ports/logger.ts'
import { storeContract } from '../../testing/contracts/store-contract.ts'
import { openSqlStores } from './open-sql-stores.ts'

// Hundreds of databases: on Linux they are files in memory, where nothing waits for a disk.
const memory = '/dev/shm'
const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'countersign-'))
afterAll(() => rm(folder, { recursive: true }))

let files = 0
const freshUrl = () => `sqlite:${join(folder, `${++files}.db`)}`
const open = (url: string) => openSqlStores({ url, log: silentLogger })

/** Stores whose every call goes to the other of two connections. */
async function openTwice(): Promise<Stores> {
  const url = freshUrl()
  const both = [await open(url), await open(url)] as const
  let calls = 0
  const inTurn = <K extends Exclude<keyof Stores, 'check' | 'close' | 'isShared' | 'connections'>>(
    aggregate: K,
  ): Stores[K] =>
    new Proxy(both[0][aggregate], {
      get: (_, method) =>
        Reflect.get(both[calls++ % 2 === 0 ? 0 : 1][aggregate], method) as unknown,
    })
  return {
    users: inTurn('users'),
    sessions: inTurn('sessions'),
    roles: inTurn('roles'),
    signingKeys: inTurn('signingKeys'),
    revocations: inTurn('revocations'),
    clients: inTurn('clients'),
    installation: inTurn('installation'),
    counters: inTurn('counters'),
    statuses: inTurn('statuses'),
    eventStreams: inTurn('eventStreams'),
    audit: inTurn('audit'),
    outbox: inTurn('outbox'),
    oneTimeTokens: inTurn('oneTimeTokens'),
    knownDevices: inTurn('knownDevices'),
    isShared: false,
    connections: () => null,
    async check() {
      const found = await Promise.all(both.map((stores) => stores.check()))
      return { isCurrent: found.every(({ isCurrent }) => isCurrent) }
    },
    async close() {
      for (const stores of both) await stores.close()
    },
  }
}

const setups: Readonly<Record<string, () => Promise<Stores>>> = {
  'SQLite in a file': () => open(freshUrl()),
  'SQLite in memory': () => open('sqlite::memory:'),
  'SQLite in a file, two connections': openTwice,
}

for (const [setup, openFresh] of Object.entries(setups)) {
  describe(setup, () => {
    for (const [aggregate, cases] of Object.entries(storeContract)) {
      for (const { name, run } of cases) test(`${aggregate}: ${name}`, () => run(openFresh))
    }
  })
}
