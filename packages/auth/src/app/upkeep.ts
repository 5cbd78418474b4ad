import { type EpochSeconds, secondsPerDay, secondsPerHour } from '../base/time.ts'
import type { Deps } from '../features/deps.ts'
import { keyScheduleDefaults } from '../keys/stages.ts'
import type { Stores } from '../model/stores.ts'

/** Sessions that are over stay this long, for whoever asks why. */
const keepEndedSessionsSeconds = 30 * secondsPerDay

/**
 * Does what must be done now and then: reads and rotates signing keys, removes sessions that
 * are long over. Failures are logged and tried again at the next turn. The timers do not
 * keep a process alive.
 */
export function startUpkeep(deps: Pick<Deps, 'keys' | 'stores' | 'clock' | 'log'>): {
  stop(): void
} {
  const timers = [
    setInterval(() => void deps.keys.reload(), keyScheduleDefaults.reloadSeconds * 1000),
    setInterval(() => void sweep(deps), secondsPerHour * 1000),
  ]
  for (const timer of timers) timer.unref()
  return {
    stop() {
      for (const timer of timers) clearInterval(timer)
    },
  }
}

async function sweep({
  stores,
  clock,
  log,
}: Pick<Deps, 'stores' | 'clock' | 'log'>): Promise<void> {
  try {
    const now = clock.now()
    if (!(await isMyTurn(stores, now))) return
    const removed = await stores.sessions.deleteExpired(startOfDay(now - keepEndedSessionsSeconds))
    await stores.revocations.deleteExpired(now)
    await stores.counters.deleteExpired(now)
    await stores.statuses.deleteExpired(now)
    await stores.oneTimeTokens.deleteExpired(now)
    log.debug({ event: 'sessions.swept', removed }, 'old sessions removed')
  } catch (error) {
    log.warn({ event: 'sessions.sweep_failed', detail: String(error) }, 'sweep failed')
  }
}

// Sessions are found by the day they expire on: of one that is not over, all would be looked at.
function startOfDay(time: EpochSeconds): EpochSeconds {
  return time - (time % secondsPerDay)
}

/** Of processes that share a store, the first to come sweeps in an hour. */
function isMyTurn({ clients }: Pick<Stores, 'clients'>, now: EpochSeconds): Promise<boolean> {
  const hour = Math.floor(now / secondsPerHour)
  return clients.takeOnce(`sweep/${hour}`, now + secondsPerHour, now)
}
