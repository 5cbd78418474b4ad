import { setTimeout } from 'node:timers/promises'

/** Waits. What waits does not keep a process alive. */
export type Pause = (ms: number) => Promise<void>

export const systemPause: Pause = async (ms) => {
  await setTimeout(ms, undefined, { ref: false })
}
