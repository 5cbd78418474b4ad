import { z } from 'zod'
import { AuthError } from '../../base/errors.ts'
import { toWire } from '../../revocation/wire.ts'
import { clientEndpoint, type Endpoint } from '../endpoint.ts'

const entries = z.array(z.array(z.union([z.string(), z.number()]))).meta({
  description:
    '`["s", session, expiry]`, `["u", user, floor, expiry]`, `["r", role, floor, expiry]`, `["c", client, floor, expiry]`, `["k", kid, expiry]`.',
})

// `<feed>~<place>`.
const cursorText = z.string().regex(/^[\w-]{8,64}~[\w.:,/-]{1,512}$/)

export const revocationFeed: Endpoint = clientEndpoint({
  method: 'GET',
  path: '/revocations/feed',
  tag: 'Services',
  scope: 'revocations:read',
  summary: 'What was revoked after a place in the ledger: a poll that may be held.',
  description: 'For verifiers; `revocationFeed()` of `@countersign/verify` speaks it.',
  query: z.strictObject({
    cursor: cursorText.optional().meta({ description: 'Where the reader is.' }),
    hold: z
      .string()
      .regex(/^(?:\d{1,3}|1000)$/)
      .optional()
      .meta({
        description:
          'How long to wait for something new, in milliseconds, up to 1000. Default 300.',
      }),
    verifier: z
      .string()
      .regex(/^[\w-]{16,64}$/)
      .optional()
      .meta({ description: 'Who asks: the cursor acknowledges everything before it.' }),
    nonce: z
      .string()
      .regex(/^[\w.-]{1,128}$/)
      .optional()
      .meta({ description: 'Comes back, so that an answer to another poll is noticed.' }),
  }),
  success: [
    {
      status: 200,
      description: 'What is new, and how old the read behind it is.',
      schema: z.object({
        v: z.literal(1),
        feed: z.string(),
        cursor: z.string(),
        held_ms: z.number(),
        age_ms: z.number(),
        nonce: z.string().optional(),
        entries,
      }),
    },
  ],
  errors: ['VALIDATION_FAILED', 'CURSOR_GONE', 'UNAVAILABLE'],

  async handle({ hub, settings }, { query }) {
    const { cursor = '', hold = '300', verifier, nonce } = query
    const answer = await hub.poll({ cursor, holdMs: Number(hold), verifierId: verifier ?? null })
    if (!answer) {
      const link = `<${settings.basePath}/revocations/snapshot>; rel="alternate"`
      throw new AuthError('CURSOR_GONE', { headers: { link } })
    }
    return Response.json({
      v: 1,
      feed: answer.feed,
      cursor: answer.cursor,
      held_ms: answer.heldMs,
      age_ms: answer.ageMs,
      ...(nonce !== undefined && { nonce }),
      entries: answer.entries.map(toWire),
    })
  },
})

export const revocationSnapshot: Endpoint = clientEndpoint({
  method: 'GET',
  path: '/revocations/snapshot',
  tag: 'Services',
  scope: 'revocations:read',
  summary: 'Everything that is revoked and not yet expired, in pages.',
  query: z.strictObject({ page: cursorText.optional() }),
  success: [
    {
      status: 200,
      description: 'A page. When it was the last one, the feed goes on from `cursor`.',
      schema: z.object({
        v: z.literal(1),
        feed: z.string(),
        cursor: z.string(),
        next: z.string().nullable(),
        entries,
      }),
    },
  ],
  errors: ['VALIDATION_FAILED', 'CURSOR_GONE', 'UNAVAILABLE'],

  async handle({ hub }, { query }) {
    const page = await hub.page(query.page ?? null)
    if (!page) throw new AuthError('CURSOR_GONE')
    const { feed, cursor, next } = page
    return Response.json({ v: 1, feed, cursor, next, entries: page.entries.map(toWire) })
  },
})
