import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { HashingLoad } from '../crypto/hashing-gate.ts'
import type { KeyStatus } from '../keys/key-status.ts'
import type { OutboxStore } from '../model/mail.ts'
import type { StoreConnections } from '../model/stores.ts'
import type { Clock } from '../ports/clock.ts'

/** What is asked when somebody asks for the figures. */
export interface MetricsSources {
  readonly version: string
  readonly clock: Clock
  readonly keys: { list(): readonly KeyStatus[] }
  readonly hasher: { load(): HashingLoad }
  readonly hub: {
    /** Polls that are held. */
    readonly waiting: number
    readonly local: { status(): { readonly ageMs: number; readonly entries: number } }
  }
  readonly stores: {
    connections(): StoreConnections | null
    readonly outbox: Pick<OutboxStore, 'waiting'>
  }
}

/** A request that was answered. */
export interface AnsweredRequest {
  readonly method: string
  /** The pattern of its path; `null` when there is none. */
  readonly route: string | null
  readonly status: number
  /** Of the refusal; `null` when there was none. */
  readonly code: string | null
  readonly seconds: number
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])

/** From a check of a token to a password under load. */
const secondBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * What an authority counts and measures, in Prometheus' words. Labels are patterns and codes:
 * never a path as it was asked for, an address, a user.
 */
export class AuthorityMetrics {
  readonly #registry = new Registry()
  readonly #requests: Counter<'method' | 'route' | 'status'>
  readonly #seconds: Histogram<'route'>
  readonly #refusals: Counter<'code'>

  constructor(sources: MetricsSources) {
    const registers = [this.#registry]
    this.#requests = new Counter({
      name: 'countersign_http_requests_total',
      help: 'Requests that were answered.',
      labelNames: ['method', 'route', 'status'],
      registers,
    })
    this.#seconds = new Histogram({
      name: 'countersign_http_request_duration_seconds',
      help: 'How long requests took. Polls of the feed are held on purpose.',
      labelNames: ['route'],
      buckets: secondBuckets,
      registers,
    })
    this.#refusals = new Counter({
      name: 'countersign_refusals_total',
      help: 'Answers that were refusals, by the code of the error.',
      labelNames: ['code'],
      registers,
    })
    addGauges(registers, sources)
    collectDefaultMetrics({ register: this.#registry })
  }

  note({ method, route, status, code, seconds }: AnsweredRequest): void {
    const labels = { method: methods.has(method) ? method : 'other', route: route ?? 'none' }
    this.#requests.inc({ ...labels, status })
    this.#seconds.observe({ route: labels.route }, seconds)
    if (code !== null) this.#refusals.inc({ code })
  }

  /** The media type of {@link text}. */
  get contentType(): string {
    return this.#registry.contentType
  }

  /** Everything, in the text format. */
  text(): Promise<string> {
    return this.#registry.metrics()
  }
}

type Registers = Registry[]

// Asked for when they are read.
function addGauges(registers: Registers, sources: MetricsSources): void {
  const { version, clock, keys, hasher, hub, stores } = sources
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name: `countersign_${name}`,
      help,
      registers,
      async collect() {
        this.set(await read())
      },
    })
  addLabelled(registers, {
    name: 'build_info',
    help: 'The version that runs.',
    label: 'version',
    read: () => ({ [version]: 1 }),
  })
  gauge('hashing_running', 'Passwords that are being hashed.', () => hasher.load().running)
  gauge('hashing_waiting', 'Passwords that wait to be hashed.', () => hasher.load().waiting)
  gauge(
    'ledger_age_seconds',
    'How old the copy of the ledger of revocations in this process is.',
    () => hub.local.status().ageMs / 1000,
  )
  gauge(
    'mail_waiting',
    'Mail that is to be sent, of all processes.',
    // While the store is away, the other figures are wanted all the more.
    () =>
      stores.outbox.waiting().then(
        ({ count }) => count,
        () => Number.NaN,
      ),
  )
  gauge('ledger_entries', 'Revocations in that copy.', () => hub.local.status().entries)
  gauge('feed_waiting_polls', 'Polls of verifiers that are held.', () => hub.waiting)
  gauge('signing_key_age_seconds', 'How long the key that signs has signed.', () => {
    const signing = keys.list().find(({ stage }) => stage === 'signing')
    return signing ? clock.now() - signing.activeFrom : Number.NaN
  })
  addLabelled(registers, {
    name: 'signing_keys',
    help: 'Signing keys, by stage.',
    label: 'stage',
    read: () => countBy(keys.list().map(({ stage }) => stage)),
  })
  addLabelled(registers, {
    name: 'database_connections',
    help: 'Connections to PostgreSQL: open ones, idle ones, and callers who wait for one.',
    label: 'state',
    read: () => ({ ...stores.connections() }),
  })
}

function addLabelled(
  registers: Registers,
  input: {
    readonly name: string
    readonly help: string
    readonly label: string
    readonly read: () => Readonly<Record<string, number>>
  },
): Gauge {
  const { name, help, label, read } = input
  return new Gauge({
    name: `countersign_${name}`,
    help,
    labelNames: [label],
    registers,
    collect() {
      this.reset()
      for (const [value, count] of Object.entries(read())) this.set({ [label]: value }, count)
    },
  })
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
