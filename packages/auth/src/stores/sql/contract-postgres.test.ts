import { describe, test } from 'vitest'
import type { TestServer } from '../../../../../tests/postgres-server/global-setup.ts'
import {
  emptyDatabase,
  makeDatabase,
  testServers,
} from '../../../../../tests/postgres-server/test-databases.ts'
import type { Stores } from '../../model/stores.ts'
import { silentLogger } from '../../ports/logger.ts'
import { storeContract } from '../../testing/contracts/store-contract.ts'
import { migrateSql, openSqlStores } from './open-sql-stores.ts'

async function makeMigrated(server: TestServer): Promise<string> {
  const url = await makeDatabase(server)
  await migrateSql({ url, log: silentLogger })
  return url
}

for (const server of testServers()) {
  describe(server.name, () => {
    let url: string | undefined

    // One database, emptied for each case: to make one takes longer.
    async function openFresh(): Promise<Stores> {
      url ??= await makeMigrated(server)
      await emptyDatabase(url)
      return await openSqlStores({ url, log: silentLogger, poolSize: 4 })
    }

    for (const [aggregate, cases] of Object.entries(storeContract)) {
      for (const { name, run } of cases) test(`${aggregate}: ${name}`, () => run(openFresh))
    }
  })
}
