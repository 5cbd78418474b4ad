import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { MailOrder, MailOrderKind, OutboxStore, TakenOrder } from '../model/mail.ts'
import type { Logger } from '../ports/logger.ts'
import { MailRefused, type SendMail } from '../ports/mail.ts'
import { carryOutOrder, type OrderDeps } from './carry-out-order.ts'
import { type MailAbout, type MailOrders, writeOrder } from './orders.ts'
import { renderMail } from './render.ts'
import type { MailTemplates } from './templates.ts'

/** How often it is looked for orders of other processes, and of before a restart. */
const everyMs = 1000
/** An order is in the store a moment after it was made. */
const soonMs = 20
const atOnce = 5
/** How long one process has an order. Longer than sending may take. */
const leaseSeconds = 120
const firstPauseSeconds = 5
const longestPauseSeconds = 3600
const givenUpAfterSeconds = 3 * 24 * 3600

export interface MailerDeps extends OrderDeps {
  readonly log: Logger
  readonly secrets: ApplicationSecrets
  readonly stores: OrderDeps['stores'] & { readonly outbox: OutboxStore }
  readonly send: SendMail
  readonly templates: MailTemplates
}

/**
 * Sends what was ordered. Any number of processes may do so: one at a time has an order.
 *
 * A mail is sent at least once: a crash between the server's word and ours sends it again, under
 * the same `Message-ID`. While a server does not take it, it is tried again with growing pauses
 * for three days. Nobody who asks for something waits for it.
 */
export class Mailer implements MailOrders {
  readonly #deps: MailerDeps
  #timer: ReturnType<typeof setTimeout> | undefined
  #soon: ReturnType<typeof setTimeout> | undefined
  #running: Promise<void> | null = null
  #isWanted = false
  #isStopped = true

  constructor(deps: MailerDeps) {
    this.#deps = deps
  }

  /** Makes an order, and looks for it soon. */
  order<Kind extends MailOrderKind>(kind: Kind, about: MailAbout[Kind]): MailOrder {
    if (!this.#isStopped && this.#soon === undefined) {
      this.#soon = setTimeout(() => {
        this.#soon = undefined
        void this.run()
      }, soonMs)
      this.#soon.unref()
    }
    return writeOrder(this.#deps, kind, about)
  }

  /** Begins. Does not keep the process alive. */
  start(): void {
    this.#isStopped = false
    this.#timer = setInterval(() => void this.run(), everyMs)
    this.#timer.unref()
  }

  /** Begins nothing more, and waits for what is being sent. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearInterval(this.#timer)
    clearTimeout(this.#soon)
    await this.#running
  }

  /** Sends everything that is due, also what was ordered a moment ago. Resolves when nothing is. */
  run(): Promise<void> {
    this.#isWanted = true
    this.#running ??= this.#sendWhileWanted().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #sendWhileWanted(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false
      await this.#sendAll()
    }
  }

  async #sendAll(): Promise<void> {
    try {
      for (;;) {
        const now = this.#deps.clock.now()
        const orders = await this.#deps.stores.outbox.take(now, now + leaseSeconds, atOnce)
        await Promise.all(orders.map((order) => this.#sendOne(order)))
        if (orders.length < atOnce) return
      }
    } catch (error) {
      this.#say('mail.late', error)
    }
  }

  async #sendOne(order: TakenOrder): Promise<void> {
    const { stores, send, templates, settings } = this.#deps
    try {
      const prepared = await carryOutOrder(this.#deps, order)
      if (prepared) {
        const { kind, to, values } = prepared
        const messageId = `${order.id}@${new URL(settings.issuer).hostname}`
        await send({ ...renderMail(templates[kind], values), to, messageId })
      }
      await stores.outbox.remove(order.id)
    } catch (error) {
      await this.#tryLater(order, error)
    }
  }

  async #tryLater(order: TakenOrder, error: unknown): Promise<void> {
    const { stores, clock } = this.#deps
    const now = clock.now()
    const isHopeless = error instanceof MailRefused || now - order.createdAt > givenUpAfterSeconds
    this.#say(isHopeless ? 'mail.given_up' : 'mail.postponed', error, order)
    if (isHopeless) await stores.outbox.remove(order.id)
    else await stores.outbox.postpone(order.id, now + pauseSeconds(order.attempts))
  }

  // Of an order the log has its id: the addresses are nobody's business.
  #say(event: string, error: unknown, order?: TakenOrder): void {
    const { log } = this.#deps
    const fields = {
      event,
      ...(order && { mail: order.id, kind: order.kind, attempts: order.attempts }),
      detail: reasonOf(error),
    }
    if (event === 'mail.given_up') log.error(fields, 'a mail will not be sent')
    else log.warn(fields, 'mail is late')
  }
}

function pauseSeconds(attempts: number): number {
  return Math.min(firstPauseSeconds * 2 ** (attempts - 1), longestPauseSeconds)
}

// A server's words may hold the address. Codes do not.
function reasonOf(error: unknown): string {
  if (error instanceof MailRefused) return error.message
  if (!(error instanceof Error)) return 'unknown'
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  return [error.name, code, responseCode]
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(' ')
}
