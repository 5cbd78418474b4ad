import { z } from 'zod'
import { fromIsoTime, toIsoTime } from '../../base/time.ts'
import { text } from '../../http/validation.ts'
import type { AuditRecord } from '../../model/audit.ts'
import { type Endpoint, userEndpoint } from '../endpoint.ts'

const isoTime = z.iso.datetime()

const auditEventSchema = z
  .object({
    id: z.number().int(),
    at: z.string().meta({ format: 'date-time' }),
    type: z.string(),
    actor: z.string(),
    subject: z.string().nullable(),
    sessionId: z.string().nullable(),
    network: z.string().nullable(),
    outcome: z.enum(['success', 'failure']),
    reason: z.string().nullable(),
    position: z.number().int().nullable(),
  })
  .meta({ id: 'AuditEvent' })

export const listAuditEvents: Endpoint = userEndpoint({
  method: 'GET',
  path: '/admin/audit',
  tag: 'Administration',
  permission: 'audit:read',
  summary: 'Lists what happened, newest first.',
  query: z.strictObject({
    cursor: z
      .string()
      .regex(/^\d{1,15}$/)
      .optional()
      .meta({ description: '`nextCursor` of the page before.' }),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    userId: text({ max: 64 }).optional().meta({ description: 'Who did it, or whom it concerns.' }),
    type: z
      .string()
      .regex(/^[a-z_.]{1,64}$/)
      .optional()
      .meta({ example: 'login.failed' }),
    from: isoTime.optional(),
    to: isoTime.optional(),
  }),
  success: [
    {
      status: 200,
      description: 'A page of events; `nextCursor` if there are more.',
      schema: z.object({ events: z.array(auditEventSchema), nextCursor: z.string().optional() }),
    },
  ],
  errors: ['VALIDATION_FAILED', 'UNAVAILABLE'],

  async handle(deps, { query }) {
    const { cursor, limit, userId, type, from, to } = query
    const found = await deps.stores.audit.list({
      limit: limit + 1,
      ...(cursor !== undefined && { beforeId: Number(cursor) }),
      ...(userId !== undefined && { userId }),
      ...(type !== undefined && { type }),
      ...(from !== undefined && { from: fromIsoTime(from) }),
      ...(to !== undefined && { to: fromIsoTime(to) }),
    })
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    return Response.json({
      events: page.map(toAuditAnswer),
      ...(last && { nextCursor: String(last.id) }),
    })
  },
})

function toAuditAnswer(record: AuditRecord): Record<string, unknown> {
  const { hash: _, ...event } = record
  return { ...event, at: toIsoTime(event.at) }
}
