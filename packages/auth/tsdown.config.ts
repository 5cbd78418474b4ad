import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/express.ts',
    'src/fastify.ts',
    'src/hono.ts',
    'src/node.ts',
    'src/testing.ts',
    'src/cli/cli.ts',
  ],
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  dts: true,
  fixedExtension: false,
  logLevel: 'warn',
})
