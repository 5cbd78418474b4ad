import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'

test('what a browser loads is at most 6 kB, compressed', async () => {
  const bundle = await rolldown({ input: new URL('index.ts', import.meta.url).pathname })
  const { output } = await bundle.generate({ format: 'es', minify: true })
  const size = gzipSync(output[0].code).byteLength
  process.stdout.write(`@countersign/client: ${size} bytes, compressed\n`)
  expect(output).toHaveLength(1)
  expect(size).toBeLessThanOrEqual(6000)
})
