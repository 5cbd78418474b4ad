/** What one tab tells the others. It stays within the origin, in memory. */
export type TabMessage =
  | {
      readonly type: 'renewed'
      readonly accessToken: string
      /** Seconds it had left when it was sent. */
      readonly secondsLeft: number
      readonly sessionId: string
    }
  | { readonly type: 'signedOut' }

/** Other tabs, where there are any. */
export interface Tabs {
  tell(message: TabMessage): void
  /**
   * Does something while no other tab does the same, or after `patienceMs` all the same: a tab
   * that sleeps or hangs holds nobody up.
   */
  alone<Result>(work: () => Promise<Result>): Promise<Result>
  close(): void
}

const patienceMs = 3000

/**
 * @param name Of what is shared: clients of one authority on one origin.
 * @param onMessage Of another tab; of whichever version of this package it has.
 */
export function openTabs(name: string, onMessage: (message: TabMessage) => void): Tabs {
  const channel = openChannel(name)
  if (channel) {
    channel.onmessage = ({ data }: { readonly data: unknown }) => {
      if (isMessage(data)) onMessage(data)
    }
  }
  return {
    // oxlint-disable-next-line require-post-message-target-origin -- a channel is of one origin
    tell: (message) => channel?.postMessage(message),
    alone: (work) => withLock(name, work),
    close: () => channel?.close(),
  }
}

type Channel = InstanceType<typeof BroadcastChannel>

function openChannel(name: string): Channel | null {
  if (typeof BroadcastChannel !== 'function') return null
  try {
    const channel = new BroadcastChannel(name)
    // Of Node: it must not keep a program alive.
    ;(channel as { unref?: () => void }).unref?.()
    return channel
  } catch {
    return null
  }
}

function isMessage(data: unknown): data is TabMessage {
  if (typeof data !== 'object' || data === null) return false
  const { type, accessToken, secondsLeft, sessionId } = data as Record<string, unknown>
  if (type === 'signedOut') return true
  return (
    type === 'renewed' &&
    typeof accessToken === 'string' &&
    typeof secondsLeft === 'number' &&
    typeof sessionId === 'string'
  )
}

async function withLock<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const locks = globalThis.navigator?.locks
  if (!locks) return work()
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), patienceMs)
  let hasBegun = false
  try {
    return await locks.request(name, { signal: patience.signal }, () => {
      hasBegun = true
      clearTimeout(timer)
      return work()
    })
  } catch (error) {
    if (hasBegun) throw error
    return await work()
  } finally {
    clearTimeout(timer)
  }
}
