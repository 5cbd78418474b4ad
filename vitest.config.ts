import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Tests run on the source, not on a build: the condition below is the one the
// packages' export maps give for `src`.
const conditions = ['@countersign/source']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts', 'scripts/**/*.test.ts'],
    globalSetup: ['packages/auth/src/testing/postgres/global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // A core more than the default: much of what tests do is wait, for processes and for time.
    maxWorkers: availableParallelism(),
    execArgv: ['--conditions=@countersign/source'],
  },
})
