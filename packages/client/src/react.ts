import { useSyncExternalStore } from 'react'
import type { Client } from './session/client.ts'
import type { SessionState } from './session/session-state.ts'

/** Who is signed in, in a component: it is drawn again when that changes. */
export function useSession(client: Pick<Client, 'session'>): SessionState {
  const { session } = client
  return useSyncExternalStore(
    session.subscribe,
    () => session.current,
    () => session.current,
  )
}
