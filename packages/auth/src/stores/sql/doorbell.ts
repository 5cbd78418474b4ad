import type { Revocation } from '../../model/revocation.ts'

type Listener = (entries: readonly Revocation[]) => void

/** Tells this process what it has just committed. */
export interface Doorbell {
  ring(entries: readonly Revocation[]): void
  /** @returns Ends the listening. */
  listen(listener: Listener): () => void
}

export function createDoorbell(): Doorbell {
  const listeners = new Set<Listener>()
  return {
    ring(entries) {
      for (const listener of listeners) listener(entries)
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
