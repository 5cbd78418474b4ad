import { strict as assert } from 'node:assert'
import type { Session } from '../../model/session.ts'
import { sampleGeneration, sampleRotation, sampleSession } from './samples.ts'
import { ada, bob, session, sessionCase } from './session-case.ts'
import { atOnce, count, crowd, type StoreCase } from './store-case.ts'

/** The compare-and-swap of a refresh. */
export const sessionRotation: readonly StoreCase[] = [
  sessionCase('a rotation moves a session one generation forward', async ({ sessions }) => {
    await sessions.create(session, 10)
    const rotation = sampleRotation(session)
    assert.equal(await sessions.rotate(rotation), true)
    assert.deepEqual(await sessions.find(session.id), {
      ...session,
      generation: 1,
      generations: rotation.generations,
      lastUsedAt: rotation.lastUsedAt,
      expiresAt: rotation.expiresAt,
      ip: rotation.ip,
      userAgent: rotation.userAgent,
    })
  }),

  sessionCase('a rotation touches no other session', async ({ sessions }) => {
    const other = sampleSession('two', ada)
    await sessions.create(session, 10)
    await sessions.create(other, 10)
    await sessions.rotate(sampleRotation(session))
    assert.deepEqual(await sessions.find(other.id), other)
  }),

  sessionCase('a rotation from another generation changes nothing', async ({ sessions }) => {
    const third = { ...session, generation: 3 }
    await sessions.create(third, 10)
    for (const fromGeneration of [2, 4]) {
      const rotation = sampleRotation(third, { fromGeneration })
      assert.equal(await sessions.rotate(rotation), false)
    }
    assert.deepEqual(await sessions.find(session.id), third)
  }),

  sessionCase('an ended session is not rotated', async ({ sessions }) => {
    await sessions.create(session, 10)
    await sessions.end(session.id, 'logout', 1500)
    const before = await sessions.find(session.id)
    assert.equal(await sessions.rotate(sampleRotation(session)), false)
    assert.deepEqual(await sessions.find(session.id), before)
  }),

  sessionCase('a session of a blocked user is not rotated', async ({ sessions, users }) => {
    await sessions.create(session, 10)
    await users.update(ada.id, { status: 'blocked', updatedAt: 2000 })
    assert.equal(await sessions.rotate(sampleRotation(session)), false)
    assert.deepEqual(await sessions.find(session.id), session)
  }),

  sessionCase('after the session version is raised, nothing rotates', async (stores) => {
    const { sessions, users } = stores
    await sessions.create(session, 10)
    await users.update(ada.id, { raise: ['sessionVersion'], updatedAt: 2000 })
    assert.equal(await sessions.rotate(sampleRotation(session)), false)
    assert.deepEqual(await sessions.find(session.id), session)
  }),

  sessionCase("another user's session version does not help", async ({ sessions, users }) => {
    await sessions.create(session, 10)
    await users.update(bob.id, { raise: ['sessionVersion'], updatedAt: 2000 })
    const rotation = sampleRotation(session, { sessionVersion: 1 })
    assert.equal(await sessions.rotate(rotation), false)
  }),

  sessionCase('a session that is not there is not rotated', async ({ sessions }) => {
    assert.equal(await sessions.rotate(sampleRotation(session)), false)
    assert.equal(await sessions.find(session.id), null)
  }),

  sessionCase('of many rotations from one generation, one happens', async ({ sessions }) => {
    await sessions.create(session, 10)
    const generations = (index: number) => [sampleGeneration(index + 1)]
    const results = await atOnce((index) =>
      sessions.rotate(sampleRotation(session, { generations: generations(index) })),
    )
    assert.equal(count(results, true), 1)
    const stored = await sessions.find(session.id)
    assert.equal(stored?.generation, 1)
    assert.deepEqual(stored?.generations, generations(results.indexOf(true)))
  }),

  sessionCase('sessions rotated at one moment rotate each by itself', async ({ sessions }) => {
    const each = Array.from({ length: crowd }, (_, index) =>
      sampleSession(`s${index}`, index % 2 === 0 ? ada : bob, { generation: 4_000_000_000 }),
    )
    for (const one of each) await sessions.create(one, crowd)
    const isLate = (index: number) => index % 3 === 1
    const results = await Promise.all(
      each.map((one, index) => {
        const fromGeneration = one.generation - Number(isLate(index))
        const generations = [sampleGeneration(index)]
        return sessions.rotate(sampleRotation(one, { fromGeneration, generations, ip: `${index}` }))
      }),
    )
    assert.deepEqual(
      results,
      each.map((_, index) => !isLate(index)),
    )
    const found = await Promise.all(each.map(({ id }) => sessions.findWithUser(id)))
    for (const [index, one] of each.entries()) {
      assert.equal(found[index]?.user.id, one.userId)
      const { generation, generations, ip } = found[index].session
      const rotated = [one.generation + 1, [sampleGeneration(index)], `${index}`]
      const kept = [one.generation, one.generations, one.ip]
      assert.deepEqual([generation, generations, ip], isLate(index) ? kept : rotated)
    }
  }),

  sessionCase('a session that ends while it is rotated stays ended', async ({ sessions }) => {
    await sessions.create(session, 10)
    const [, didEnd] = await Promise.all([
      atOnce(() => sessions.rotate(sampleRotation(session))),
      sessions.end(session.id, 'logout', 1500),
      atOnce(() => sessions.rotate(sampleRotation(session))),
    ])
    assert.equal(didEnd, true)
    assert.equal((await sessions.find(session.id))?.status, 'ended')
  }),

  sessionCase('eight generations stay in their order', async ({ sessions }) => {
    let current: Session = session
    await sessions.create(current, 10)
    for (let generation = 1; generation <= 10; generation++) {
      const rotation = sampleRotation(current)
      assert.equal(await sessions.rotate(rotation), true)
      current = { ...current, generation, generations: rotation.generations }
    }
    const stored = await sessions.find(session.id)
    assert.deepEqual(stored?.generations, [10, 9, 8, 7, 6, 5, 4, 3].map(sampleGeneration))
  }),
]
