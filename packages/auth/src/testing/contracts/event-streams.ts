import { strict as assert } from 'node:assert'
import type { EventStream, EventStreamStore } from '../../model/event-stream.ts'
import { atOnce, count, type StoreCase, storeCase } from './store-case.ts'

const stream: EventStream = {
  id: 'str_1',
  clientId: 'cli_1',
  audience: 'https://receiver.example.com',
  delivery: { method: 'poll' },
  eventsRequested: ['urn:one', 'urn:two'],
  description: null,
  status: 'enabled',
  statusReason: null,
  cursor: '0',
  createdAt: 1000,
}
const other: EventStream = {
  ...stream,
  id: 'str_2',
  clientId: 'cli_2',
  delivery: {
    method: 'push',
    url: 'https://receiver.example.com/x',
    sealedAuthorization: 'sealed',
  },
  eventsRequested: [],
  description: 'second',
  createdAt: 1001,
}
const event = (jti: string) => ({ jti, claims: `{"iat":1,"of":"${jti}"}` })

function streamCase(name: string, check: (streams: EventStreamStore) => Promise<void>): StoreCase {
  return storeCase(name, async ({ clients, eventStreams }) => {
    for (const id of [stream.clientId, other.clientId]) {
      await clients.create({
        id,
        name: 'receiver',
        scopes: [],
        secretHash: null,
        jwks: null,
        status: 'active',
        tokenVersion: 0,
        createdAt: 1000,
      })
    }
    await eventStreams.create(stream)
    await eventStreams.create(other)
    await check(eventStreams)
  })
}

/** What an `EventStreamStore` must do. */
export const eventStreamStoreContract: readonly StoreCase[] = [
  streamCase('streams come back as they were, oldest first', async (streams) => {
    assert.deepEqual(await streams.list(), [stream, other])
    assert.deepEqual(await streams.find(other.id), other)
    assert.equal(await streams.find('ghost'), null)
  }),

  streamCase('a client has one stream', async (streams) => {
    assert.equal(await streams.create({ ...stream, id: 'str_3' }), false)
    assert.deepEqual(await streams.list(), [stream, other])
  }),

  streamCase('a change changes what it names', async (streams) => {
    const change = {
      status: 'paused',
      statusReason: 'holiday',
      eventsRequested: ['urn:one'],
    } as const
    assert.equal(await streams.change(stream.id, change), true)
    assert.deepEqual(await streams.find(stream.id), { ...stream, ...change })
    assert.equal(await streams.change(stream.id, { delivery: other.delivery }), true)
    assert.deepEqual((await streams.find(stream.id))?.delivery, other.delivery)
    assert.equal(await streams.change(stream.id, {}), true)
    assert.equal(await streams.change('ghost', change), false)
    assert.equal(await streams.change('ghost', {}), false)
    assert.deepEqual(await streams.find(other.id), other)
  }),

  streamCase('a stream that is deleted takes its events along', async (streams) => {
    await streams.add(stream.id, event('a'))
    await streams.add(other.id, event('a'))
    assert.equal(await streams.delete(stream.id), true)
    assert.equal(await streams.delete(stream.id), false)
    assert.deepEqual(await streams.pending(stream.id, 10), [])
    assert.deepEqual(await streams.pending(other.id, 10), [event('a')])
  }),

  streamCase('a stream moves on with what it has to tell', async (streams) => {
    const step = { from: '0', to: '5', events: [event('a'), event('b')] }
    assert.equal(await streams.advance(stream.id, step), true)
    assert.equal((await streams.find(stream.id))?.cursor, '5')
    assert.deepEqual(await streams.pending(stream.id, 10), [event('a'), event('b')])
    assert.deepEqual(await streams.pending(stream.id, 1), [event('a')])
  }),

  streamCase('from where it no longer is, a stream does not move', async (streams) => {
    await streams.advance(stream.id, { from: '0', to: '5', events: [] })
    const late = { from: '0', to: '9', events: [event('late')] }
    assert.equal(await streams.advance(stream.id, late), false)
    assert.equal((await streams.find(stream.id))?.cursor, '5')
    assert.deepEqual(await streams.pending(stream.id, 10), [])
  }),

  streamCase('of many who move a stream, one does', async (streams) => {
    const moved = await atOnce((index) =>
      streams.advance(stream.id, { from: '0', to: '5', events: [event(`e${index}`)] }),
    )
    assert.equal(count(moved, true), 1)
    assert.equal((await streams.pending(stream.id, 100)).length, 1)
  }),

  streamCase('an event is kept once', async (streams) => {
    await streams.add(stream.id, event('a'))
    await streams.add(stream.id, event('a'))
    assert.deepEqual(await streams.pending(stream.id, 10), [event('a')])
  }),

  streamCase('what is acknowledged is forgotten, in its stream', async (streams) => {
    for (const jti of ['a', 'b', 'c']) await streams.add(stream.id, event(jti))
    await streams.add(other.id, event('a'))
    await streams.acknowledge(stream.id, ['a', 'c', 'ghost', "'; --"])
    await streams.acknowledge(stream.id, [])
    assert.deepEqual(await streams.pending(stream.id, 10), [event('b')])
    assert.deepEqual(await streams.pending(other.id, 10), [event('a')])
  }),

  streamCase('a lease is held by one, until it ends', async (streams) => {
    const taken = await atOnce(() => streams.lease(stream.id, 1000, 1030))
    assert.equal(count(taken, true), 1)
    assert.equal(await streams.lease(stream.id, 1029, 1060), false)
    assert.equal(await streams.lease(stream.id, 1030, 1060), true)
    assert.equal(await streams.lease(other.id, 1000, 1030), true)
    assert.equal(await streams.lease('ghost', 1000, 1030), false)
    await streams.release(other.id)
    assert.equal(await streams.lease(other.id, 1000, 1030), true)
  }),
]
