/** For whom a job is done: turns are shared out between networks and between accounts. */
export interface HashingOrigin {
  readonly network: string
  readonly account: string
}

/** Items waiting for a turn. It never waits, runs or refuses anything itself. */
export interface FairQueue<Item> {
  readonly size: () => number
  readonly add: (origin: HashingOrigin, item: Item) => void
  /** Removes the item whose turn it is; `null` when nothing waits. */
  readonly takeNext: () => Item | null
  /** Removes the item that has to go when there are too many; `null` when nothing waits. */
  readonly takeSurplus: () => Item | null
}

// What the items of one network, or of one account, have in common.
interface Party {
  waiting: number
  /** When it joined or last had its turn, whichever was later. */
  lastTurn: number
}

interface Waiter<Item> {
  readonly item: Item
  readonly network: Party
  readonly account: Party
  readonly networkKey: string
  readonly accountKey: string
}

/**
 * A queue that shares turns out by network and by account at once.
 *
 * Next is the item whose network and account have both gone longest without a turn; of one
 * account on one network the newest, as whoever sent the older ones has likely given up. To go
 * is the oldest item of the network or account that has most waiting: one caller's flood makes
 * way for others, whichever of its two keys it varies. When all have one, the oldest goes too:
 * as many are served as otherwise, but those who are wait less, and the others know sooner.
 *
 * Taking an item looks at every one: meant for hundreds, not for millions.
 */
export function createFairQueue<Item>(): FairQueue<Item> {
  const networks = new Map<string, Party>()
  const accounts = new Map<string, Party>()
  const waiters: Waiter<Item>[] = [] // oldest first
  let turn = 0

  function remove(waiter: Waiter<Item>): Item {
    waiters.splice(waiters.indexOf(waiter), 1)
    leave(networks, waiter.networkKey)
    leave(accounts, waiter.accountKey)
    return waiter.item
  }

  return {
    size: () => waiters.length,

    add({ network: networkKey, account: accountKey }, item) {
      turn += 1
      const network = join(networks, networkKey, turn)
      const account = join(accounts, accountKey, turn)
      waiters.push({ item, network, account, networkKey, accountKey })
    },

    takeNext() {
      const next = pickNext(waiters)
      if (!next) return null
      turn += 1
      next.network.lastTurn = turn
      next.account.lastTurn = turn
      return remove(next)
    },

    takeSurplus() {
      const surplus = pickSurplus(waiters)
      return surplus ? remove(surplus) : null
    },
  }
}

function pickNext<Item>(waiters: readonly Waiter<Item>[]): Waiter<Item> | undefined {
  return waiters.reduce<Waiter<Item> | undefined>(
    (best, waiter) => (best && compareTurns(waiter, best) > 0 ? best : waiter),
    undefined,
  )
}

/** Below zero when `a` has waited longer for a turn than `b`. */
function compareTurns(a: Waiter<unknown>, b: Waiter<unknown>): number {
  return laterTurn(a) - laterTurn(b) || earlierTurn(a) - earlierTurn(b)
}

function laterTurn({ network, account }: Waiter<unknown>): number {
  return Math.max(network.lastTurn, account.lastTurn)
}

function earlierTurn({ network, account }: Waiter<unknown>): number {
  return Math.min(network.lastTurn, account.lastTurn)
}

function pickSurplus<Item>(waiters: readonly Waiter<Item>[]): Waiter<Item> | undefined {
  const crowd = Math.max(0, ...waiters.map(crowdOf))
  return waiters.find((waiter) => crowdOf(waiter) === crowd)
}

function crowdOf({ network, account }: Waiter<unknown>): number {
  return Math.max(network.waiting, account.waiting)
}

function join(parties: Map<string, Party>, key: string, turn: number): Party {
  const party = parties.get(key) ?? { waiting: 0, lastTurn: turn }
  party.waiting += 1
  parties.set(key, party)
  return party
}

function leave(parties: Map<string, Party>, key: string): void {
  const party = parties.get(key)
  if (!party) return
  party.waiting -= 1
  if (party.waiting === 0) parties.delete(key)
}
