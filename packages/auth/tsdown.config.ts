import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    express: 'src/express.ts',
    fastify: 'src/fastify.ts',
    hono: 'src/hono.ts',
    node: 'src/node.ts',
    testing: 'src/testing.ts',
    cli: 'src/cli/main.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  dts: true,
  // What package.json does not declare fails the build: it is not copied in.
  deps: { onlyBundle: [] },
  fixedExtension: false,
  logLevel: 'warn',
})
