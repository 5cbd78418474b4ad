import { strict as assert } from 'node:assert'
import type { AuditEvent, ChainedEvents, ChainStep } from '../../model/audit.ts'
import { ada, session, sessionCase } from './session-case.ts'
import { atOnce, crowd, type StoreCase, storeCase } from './store-case.ts'

const event: AuditEvent = {
  at: 1000,
  type: 'login',
  actor: 'usr_ada',
  subject: 'usr_ada',
  sessionId: 'ses_one',
  network: '192.0.2.0/24',
  outcome: 'success',
  reason: null,
}

/** Chains by counting: position and hash are the number of the event. */
function counting({ head, events }: ChainStep): ChainedEvents {
  const before = Number(head ?? 0)
  const links = events.map((_, index) => {
    const position = before + index + 1
    return { position, hash: new Uint8Array([position]) }
  })
  return { head: String(before + events.length), links }
}

/** What an `AuditStore` must do. */
export const auditStoreContract: readonly StoreCase[] = [
  storeCase('an event comes back with every member, newest first', async ({ audit }) => {
    const other: AuditEvent = {
      ...event,
      type: 'login.failed',
      actor: 'anonymous',
      subject: null,
      sessionId: null,
      network: null,
      outcome: 'failure',
      reason: 'wrong_password',
    }
    await audit.append(event)
    await audit.append(other)
    const [newest, oldest, ...rest] = await audit.list({ limit: 10 })
    assert.ok(newest && oldest)
    assert.deepEqual(rest, [])
    assert.deepEqual(newest, { ...other, id: newest.id, position: null, hash: null })
    assert.deepEqual(oldest, { ...event, id: oldest.id, position: null, hash: null })
    assert.ok(newest.id > oldest.id)
  }),

  storeCase('events are found by person, type, time and page', async ({ audit }) => {
    const others = { actor: 'usr_bob', subject: 'usr_ada' }
    for (let at = 1000; at < 1010; at++) {
      await audit.append({ ...event, at, ...(at % 2 === 1 && others) })
    }
    await audit.append({
      ...event,
      at: 1010,
      actor: 'cli',
      subject: 'usr_eve',
      type: 'user.created',
    })
    const times = async (query: object) =>
      (await audit.list({ limit: 20, ...query })).map(({ at }) => at)
    assert.equal((await times({ userId: 'usr_ada' })).length, 10)
    assert.deepEqual(await times({ userId: 'usr_bob' }), [1009, 1007, 1005, 1003, 1001])
    assert.deepEqual(await times({ type: 'user.created' }), [1010])
    assert.deepEqual(await times({ from: 1003, to: 1005 }), [1005, 1004, 1003])
    const [first] = await audit.list({ limit: 1 })
    assert.deepEqual(await times({ limit: 2, beforeId: first?.id }), [1009, 1008])
  }),

  storeCase('sealing gives each event a place, in pieces', async ({ audit }) => {
    for (let at = 1; at <= 5; at++) await audit.append({ ...event, at })
    assert.equal(await audit.head(), null)
    assert.equal(await audit.countUnsealed(), 5)
    assert.equal(await audit.seal(3, counting), 3)
    assert.equal(await audit.countUnsealed(), 2)
    assert.equal(await audit.seal(3, counting), 2)
    assert.equal(await audit.seal(3, counting), 0)
    assert.equal(await audit.head(), '5')
    const chain = await audit.chain(1, 3)
    assert.deepEqual(
      chain.map(({ at, position, hash }) => [at, position, hash]),
      [2, 3, 4].map((n) => [n, n, new Uint8Array([n])]),
    )
  }),

  storeCase('of many who seal at once, each event gets one place', async ({ audit }) => {
    for (let at = 1; at <= crowd; at++) await audit.append({ ...event, at })
    await atOnce(() => audit.seal(3, counting))
    while ((await audit.seal(3, counting)) > 0);
    const chain = await audit.chain(0, 100)
    assert.deepEqual(
      chain.map(({ position }) => position),
      Array.from({ length: crowd }, (_, index) => index + 1),
    )
  }),

  storeCase('a chain that cannot be made changes nothing', async ({ audit }) => {
    await audit.append(event)
    const broken = audit.seal(3, () => {
      throw new Error('no')
    })
    await assert.rejects(broken, /no/)
    assert.equal(await audit.countUnsealed(), 1)
    assert.equal(await audit.head(), null)
  }),

  sessionCase('an event is written with what it describes, or not at all', async (stores) => {
    const { audit, sessions, users, roles, clients } = stores
    const types = async () => (await audit.list({ limit: 10 })).map(({ type }) => type)
    const along = (type: AuditEvent['type']) => ({ audit: { ...event, type } })

    await sessions.create(session, 10, along('login'))
    assert.equal(await sessions.end(session.id, 'logout', 1500, along('logout')), true)
    assert.equal(await sessions.end(session.id, 'logout', 1500, along('logout')), false)
    const wrong = { passwordHash: 'another' }
    await users.update(ada.id, { name: 'A', updatedAt: 1 }, wrong, along('user.changed'))
    await users.update(ada.id, { name: 'A', updatedAt: 1 }, {}, along('user.changed'))
    assert.equal(await users.create({ ...ada, id: 'usr_x' }, along('user.created')), 'email_taken')
    const role = { name: 'editor', permissions: ['posts:write'] }
    await roles.put(role, 1, along('role.changed'))
    await roles.put(role, 1, along('role.changed'))
    await clients.delete('cli_none', 1, along('client.deleted'))
    await users.delete(ada.id, 1, along('user.deleted'))
    await users.delete(ada.id, 1, along('user.deleted'))
    assert.deepEqual((await types()).toReversed(), [
      'login',
      'logout',
      'user.changed',
      'role.changed',
      'user.deleted',
    ])
  }),
]
