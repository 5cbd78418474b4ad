// `npm run dev:postgres`: a PostgreSQL for a developer, until Ctrl-C.
//
//   npm run dev:postgres                   in a folder that is gone afterwards
//   npm run dev:postgres -- --folder ./pg  in a folder that stays
//   npm run dev:postgres -- --port 5432    Default: one that is free

import { join } from 'node:path'
import { runInForeground } from './setup/foreground.mjs'
import { installIfMissing } from './setup/install.mjs'
import { findNode } from './setup/node.mjs'
import { orFail, root } from './setup/run.mjs'

await orFail(async () => {
  await installIfMissing()
  const program = join(root, 'tests/postgres-server/run-for-developer.ts')
  runInForeground(findNode(), [
    '--conditions=@countersign/source',
    program,
    ...process.argv.slice(2),
  ])
})
