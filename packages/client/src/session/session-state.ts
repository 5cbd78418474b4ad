import type { User } from '../api/api-types.ts'

/**
 * - `unknown`: not asked yet, or nobody could be reached so far
 * - `signedIn`: `user` is as of the last answer that told; `null` after a reload
 */
export type SessionState =
  | { readonly status: 'unknown' }
  | { readonly status: 'signedOut' }
  | { readonly status: 'signedIn'; readonly sessionId: string; readonly user: User | null }

/** Something to look at and to subscribe to. */
export interface SessionView {
  readonly current: SessionState
  /** @returns Ends it. */
  subscribe(listener: () => void): () => void
}

/** Holds the state, and tells of every change of it. */
export class SessionStore implements SessionView {
  #current: SessionState = { status: 'unknown' }
  readonly #listeners = new Set<() => void>()

  get current(): SessionState {
    return this.#current
  }

  // Bound: frameworks take it off its object.
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  set(next: SessionState): void {
    if (JSON.stringify(next) === JSON.stringify(this.#current)) return
    this.#current = next
    for (const listener of this.#listeners) {
      // One that throws keeps nobody else from hearing, and stops no timer.
      try {
        listener()
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
