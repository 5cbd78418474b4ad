// `npm run smoke`: starts the real server with a service beside it, walks through the life of a
// few sessions over HTTP, and prints every request as a curl line with what came of it. Takes
// little more than a minute: an access token cannot expire sooner. `--quick` leaves that out.
//
// Uses a port and a database of its own; nothing of the reader's is touched.

import { parseArgs } from 'node:util'
import { buildIfStale } from './setup/build.mjs'
import { installIfMissing } from './setup/install.mjs'
import { findNode } from './setup/node.mjs'
import { orFail } from './setup/run.mjs'
import { createReport } from './smoke/report.mjs'
import { startStage } from './smoke/stage.mjs'
import { walk } from './smoke/walk.mjs'

await orFail(async () => {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
  await installIfMissing()
  const node = findNode()
  await buildIfStale(node)
  const stage = await startStage(node)
  const report = createReport()
  try {
    await walk({ report, stage, isQuick: values.quick })
  } finally {
    stage.close()
  }
  if (report.finish() > 0) process.exitCode = 1
})
