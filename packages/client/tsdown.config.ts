import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts', 'src/node.ts', 'src/react.ts', 'src/react-native.ts'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  // What package.json does not declare fails the build: it is not copied in.
  deps: { onlyBundle: [] },
  fixedExtension: false,
  logLevel: 'warn',
})
