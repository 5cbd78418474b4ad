import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { AuditStore } from '../model/audit.ts'
import type { Logger } from '../ports/logger.ts'
import { chainEvents } from './chain.ts'

const everyMs = 1000
const batch = 200

interface SealerDeps {
  readonly log: Logger
  readonly secrets: ApplicationSecrets
  readonly stores: { readonly audit: AuditStore }
}

/**
 * Chains events a moment after they were written, so that no writer waits for the one before. Of
 * several processes one at a time does.
 */
export function startSealer(deps: SealerDeps): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve()
  let isBusy = false
  const timer = setInterval(() => {
    if (isBusy) return
    isBusy = true
    running = sealAndSay(deps).finally(() => {
      isBusy = false
    })
  }, everyMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}

/**
 * Chains everything there is.
 *
 * @returns How many events.
 * @exportedForTest
 */
export async function sealAll({ stores, secrets }: Omit<SealerDeps, 'log'>): Promise<number> {
  for (let total = 0; ; ) {
    const sealed = await stores.audit.seal(batch, (step) => chainEvents(secrets, step))
    total += sealed
    if (sealed < batch) return total
  }
}

async function sealAndSay(deps: SealerDeps): Promise<void> {
  try {
    await sealAll(deps)
  } catch (error) {
    deps.log.warn({ event: 'audit.seal_failed', detail: String(error) }, 'the audit chain is late')
  }
}
