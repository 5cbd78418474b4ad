// `npm run chaos`: the failure suites of tests/chaos and tests/postgres in their long form, with its tables. The short
// form is part of `npm test`.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { installIfMissing } from './setup/install.mjs'
import { findNode } from './setup/node.mjs'
import { envFor, orFail, root } from './setup/run.mjs'

await orFail(async () => {
  await installIfMissing()
  const node = findNode()
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const child = spawn(
    node,
    [vitest, 'run', 'tests/chaos', 'tests/postgres', ...process.argv.slice(2)],
    {
      stdio: 'inherit',
      cwd: root,
      env: { ...envFor(node), CHAOS: 'long' },
    },
  )
  child.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
})
