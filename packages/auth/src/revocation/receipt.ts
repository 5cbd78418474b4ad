import type { Revocation, RevocationReach, RevocationStore } from '../model/revocation.ts'
import type { Clock } from '../ports/clock.ts'
import type { Pause } from '../ports/pause.ts'

/** How far a revocation had come when waiting for it ended. */
export interface Receipt extends RevocationReach {
  /** How long that took, in milliseconds. */
  readonly ms: number
}

/** What waiting works with. */
export interface ReceiptDeps {
  readonly revocations: RevocationStore
  readonly clock: Clock
  /** Measured, whatever the clock says. */
  readonly monotonicMs: () => number
  readonly pause: Pause
}

/** A verifier that was not heard of for longer has nothing it would accept by. */
const liveSeconds = 15
const lookEveryMs = 20

/**
 * Waits until every live verifier has applied a revocation, or the time is over.
 *
 * @param input.waitMs At most.
 */
export async function awaitReach(
  deps: ReceiptDeps,
  {
    target,
    waitMs,
  }: { readonly target: Pick<Revocation, 'kind' | 'key'>; readonly waitMs: number },
): Promise<Receipt> {
  const { revocations, clock, monotonicMs, pause } = deps
  const startedMs = monotonicMs()
  for (;;) {
    const reach = await revocations.reach(target, clock.now() - liveSeconds)
    const ms = Math.round(monotonicMs() - startedMs)
    if (reach.effectiveOn >= reach.of || ms >= waitMs) return { ...reach, ms }
    await pause(Math.min(lookEveryMs, waitMs - ms))
  }
}
