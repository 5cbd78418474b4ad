// `npm run build`: builds the packages that changed since they were built.

import { buildIfStale } from './setup/build.mjs'
import { installIfMissing } from './setup/install.mjs'
import { findNode } from './setup/node.mjs'
import { orFail } from './setup/run.mjs'

await orFail(async () => {
  await installIfMissing()
  const built = await buildIfStale(findNode())
  if (built.length === 0) console.error('Nothing changed since the last build.')
})
