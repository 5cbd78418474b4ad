import { availableParallelism } from 'node:os'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

// Tests run on the source, not on a build: the condition below is the one that the packages'
// export maps give for `src`.
const conditions = ['@countersign/source']

/** Tests, and the kind of database that authorities of theirs use unless they say otherwise. */
function testsOn(
  store: 'sqlite' | 'postgres',
  include: readonly string[],
): TestProjectInlineConfiguration {
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name: store,
      include: [...include],
      provide: { store },
      testTimeout: 20_000,
      hookTimeout: 30_000,
      pool: 'forks',
      execArgv: ['--conditions=@countersign/source'],
    },
  }
}

export default defineConfig({
  test: {
    // A core more than the default: much of what tests do is wait, for processes and for time.
    maxWorkers: availableParallelism(),
    globalSetup: ['tests/postgres-server/global-setup.ts'],
    projects: [
      testsOn('sqlite', [
        'packages/*/src/**/*.test.ts',
        'tests/**/*.test.ts',
        'scripts/**/*.test.ts',
        'bench/src/**/*.test.ts',
      ]),
      // Whatever an answer depends on what the store does. How requests and answers look does not.
      testsOn('postgres', [
        'tests/chaos/*.test.ts',
        'tests/http/endpoints.test.ts',
        'tests/http/limits.test.ts',
        'tests/http/service-clients.test.ts',
        'tests/http/two-authorities.test.ts',
        'tests/mail/flows.test.ts',
        'tests/processes/graceful-stop.test.ts',
        'tests/processes/many-servers.test.ts',
        'tests/refresh/races.test.ts',
        'tests/refresh/traces.test.ts',
        'tests/refresh/two-processes.test.ts',
        'tests/revocation/*.test.ts',
        'tests/signals/*.test.ts',
      ]),
    ],
  },
})
