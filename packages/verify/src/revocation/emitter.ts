import type { Revocation } from './revocation.ts'

/** What a copy of the ledger tells. */
export interface RevocationEvents {
  /** Access tokens have died. */
  revoked: Revocation
  /** The copy is older than a second, or cannot tell how old it is. */
  stale: { readonly ageMs: number }
  /** The copy is fresh again. */
  fresh: Record<string, never>
  /** The ledger is another one: everything was read anew. */
  resync: { readonly feed: string }
  /** Something went wrong and is tried again. For logs: no secret in it. */
  problem: { readonly error: Error }
}

export type RevocationEvent = keyof RevocationEvents

type Listener<Name extends RevocationEvent> = (event: RevocationEvents[Name]) => void

/** Calls listeners. One that throws breaks neither the others nor what it listens to. */
export class RevocationEmitter {
  readonly #listeners = new Map<RevocationEvent, Set<Listener<RevocationEvent>>>()

  /** @returns Ends the listening. */
  on<Name extends RevocationEvent>(name: Name, listener: Listener<Name>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners)
    const added = listener as Listener<RevocationEvent>
    listeners.add(added)
    return () => void listeners.delete(added)
  }

  emit<Name extends RevocationEvent>(name: Name, event: RevocationEvents[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        listener(event)
      } catch (cause) {
        if (name === 'problem') continue
        this.emit('problem', { error: new Error(`a listener of ${name} failed`, { cause }) })
      }
    }
  }
}
