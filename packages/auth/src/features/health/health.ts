import { z } from 'zod'
import { AuthError } from '../../base/errors.ts'
import type { Unreadiness } from '../../observability/readiness.ts'
import type { Deps } from '../deps.ts'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'
import { isOperator } from '../operator.ts'

const status = z.object({ status: z.string() })

export const healthz: Endpoint = publicEndpoint({
  method: 'GET',
  path: '/healthz',
  root: true,
  tag: 'Operations',
  summary: 'Answers while the process is alive.',
  success: [{ status: 200, description: 'Alive.', schema: status }],
  errors: [],

  async handle() {
    return Response.json({ status: 'ok' })
  },
})

export const readyz: Endpoint = publicEndpoint({
  method: 'GET',
  path: '/readyz',
  root: true,
  tag: 'Operations',
  summary: 'Answers 200 while the service can do its work.',
  description:
    'The store answers, its schema is current, and there is a key to sign with. Whoever sends the token of the option `METRICS_TOKEN`, as `Authorization: Bearer …`, is told in `reason` what is missing: `store_unreachable`, `schema_not_current` or `no_signing_key`.',
  success: [{ status: 200, description: 'Ready.', schema: status }],
  errors: ['UNAVAILABLE'],

  async handle(deps, { headers }) {
    const lack = await findLack(deps)
    deps.readiness.note(lack?.reason ?? null, lack?.detail)
    if (!lack) return Response.json({ status: 'ready' })
    const { reason, detail, retryAfterSeconds } = lack
    throw new AuthError('UNAVAILABLE', {
      detail: `${reason}: ${detail}`,
      retryAfterSeconds,
      ...(isOperator(headers, deps.settings) && { reason }),
    })
  },
})

/** What keeps an authority from its work. */
interface Lack {
  readonly reason: Unreadiness
  readonly detail: string
  readonly retryAfterSeconds: number
}

async function findLack({ stores, keys }: Pick<Deps, 'stores' | 'keys'>): Promise<Lack | null> {
  try {
    if (!(await stores.check()).isCurrent) return outdated
  } catch (error) {
    return toLack('store_unreachable', error)
  }
  try {
    keys.signer()
    return null
  } catch (error) {
    return toLack('no_signing_key', error)
  }
}

const outdated: Lack = {
  reason: 'schema_not_current',
  detail: 'the schema of the database is not the one this version knows',
  retryAfterSeconds: 30,
}

// Anything else is a mistake of ours, and its stack belongs in the log.
function toLack(reason: Unreadiness, error: unknown): Lack {
  if (!(error instanceof AuthError && error.code === 'UNAVAILABLE')) throw error
  return { reason, detail: error.detail ?? '', retryAfterSeconds: error.retryAfterSeconds ?? 5 }
}
