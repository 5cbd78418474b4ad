// Writes the parts of the documentation that follow from the source: options, errors, commands.
// With `--check` it writes nothing and fails if a page is out of date.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { generatedPages, regenerate } from './docs/generated.ts'
import { root } from './setup/run.mjs'

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

for (const path of generatedPages) {
  const { present, wanted } = regenerate(path)
  if (present === wanted) continue
  if (values.check) {
    console.error(`${path} is out of date. Run: npm run docs`)
    process.exitCode = 1
  } else {
    writeFileSync(join(root, path), wanted)
    console.error(`Wrote ${path}.`)
  }
}
