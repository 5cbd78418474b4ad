import { expect } from 'vitest'
import { signUp, signUpAdmin } from '../people.ts'
import type { Case } from './case.ts'

interface Events {
  readonly events: readonly {
    readonly type: string
    readonly actor: string
    readonly subject: string | null
    readonly outcome: string
  }[]
  readonly nextCursor?: string
}

export const auditCases: readonly Case[] = [
  {
    name: 'the audit trail says who did what to whom, newest first, page by page',
    async run(world) {
      const { call } = world
      const admin = await signUpAdmin(world, call)
      const ada = await signUp(world.from())
      await world.from()('POST /login', {
        body: { email: ada.email, password: 'not-the-password' },
      })
      const block = { token: admin.accessToken, body: { status: 'blocked' } }
      await call(`PATCH /admin/users/${ada.id}`, block)

      const list = async (query: string) => {
        const answer = await call(`GET /admin/audit?${query}`, { token: admin.accessToken })
        expect(answer.status).toBe(200)
        return answer.body as Events
      }
      const { events } = await list(`userId=${ada.id}`)
      expect(events.map(({ type, actor, outcome }) => [type, actor, outcome])).toEqual([
        ['user.changed', admin.id, 'success'],
        ['login.failed', 'anonymous', 'failure'],
        ['login', ada.id, 'success'],
        ['user.created', 'anonymous', 'success'],
      ])
      const first = await list(`userId=${ada.id}&limit=3`)
      const second = await list(`userId=${ada.id}&limit=3&cursor=${first.nextCursor}`)
      expect([...first.events, ...second.events]).toEqual(events)
      expect(second.nextCursor).toBeUndefined()
      const failed = await list(`userId=${ada.id}&type=login.failed`)
      expect(failed.events).toHaveLength(1)
    },
  },
  {
    name: 'the audit trail is for who may read it',
    async run({ call }) {
      const ada = await signUp(call)
      expect((await call('GET /admin/audit')).status).toBe(401)
      expect(await call('GET /admin/audit', { token: ada.accessToken })).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN' },
      })
    },
  },
]
