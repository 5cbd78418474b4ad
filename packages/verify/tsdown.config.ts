import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/express.ts',
    'src/fastify.ts',
    'src/hono.ts',
    'src/websocket.ts',
    'src/socket-io.ts',
    'src/testing.ts',
  ],
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: true,
  // What package.json does not declare fails the build: it is not copied in.
  deps: { onlyBundle: [] },
  fixedExtension: false,
  logLevel: 'warn',
})
