/**
 * The flood, in a process of its own so that it does not delay the one that measures.
 * Takes a `FloodOrder`, says `started`, floods until it is told to stop, and reports.
 */
import { once } from 'node:events'
import { closedLoop, type HttpRequest } from './measure/closed-loop.ts'

export interface FloodOrder {
  readonly origin: string
  /** What each attacker sends, over and over. */
  readonly requests: readonly HttpRequest[]
}

export interface FloodReport {
  /** Answers by status. */
  readonly refused: Readonly<Record<number, number>>
  readonly seconds: number
}

const [order] = (await once(process, 'message')) as [FloodOrder]
const end = new AbortController()
process.once('message', () => end.abort())
const flood = closedLoop({
  origin: order.origin,
  visitors: order.requests.map((request) => ({
    request: () => request,
    receive: () => undefined,
  })),
  until: end.signal,
  patience: end.signal,
})
process.send?.('started')
const { refused, seconds } = await flood
process.send?.({ refused, seconds } satisfies FloodReport)
process.disconnect?.()
