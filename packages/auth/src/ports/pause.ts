import { setTimeout } from 'node:timers/promises'

/** Waits. */
export type Pause = (ms: number) => Promise<void>

/** What waits does not keep a process alive. */
export const systemPause: Pause = async (ms) => {
  await setTimeout(ms, undefined, { ref: false })
}

/** For a command that waits: the process stays until it is over. */
export const stayingPause: Pause = async (ms) => {
  await setTimeout(ms)
}
