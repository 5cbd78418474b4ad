import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { runOn } from '../postgres-server/test-databases.ts'
import {
  type Answer,
  call,
  callAs,
  login,
  post,
  refresh,
  register,
  signIn,
  type Target,
  type Tokens,
  tokensOf,
} from '../processes/client.ts'
import { expectSound } from '../processes/kept.ts'
import type { Fault, Impossible, World } from './fault.ts'
import { openFragilePostgres } from './fragile-postgres.ts'
import { openSmallDisk, type SmallDisk } from './small-disk.ts'

// SQLite and PostgreSQL write into room they already have: a disk without space refuses nothing
// until that is used up, and clients who write use it up.

/** How many refreshes are refused one after another before nothing can be written at all. */
const refusalsInRow = 30

const ada = { email: 'ada@full-disk.example', password: 'violet harbour lantern' }
const root = { email: 'root@full-disk.example', password: 'copper meadow signal' }
const unbidden = { email: 'late@full-disk.example', password: 'marble window thunder' }

/** Who asks, and whose things are asked for. */
interface Cast {
  readonly ada: Tokens & { readonly userId: string }
  readonly other: Tokens
  readonly root: Tokens
}

type Write = (target: Target, cast: Cast) => Promise<Answer>

const asAda =
  (method: string, path: string, body?: object): Write =>
  (target, cast) =>
    callAs(cast.ada, target, path, { method, ...(body && { body }) })

const asRoot =
  (method: string, path: (cast: Cast) => string, body?: object): Write =>
  (target, cast) =>
    callAs(cast.root, target, path(cast), { method, ...(body && { body }) })

const ofAda = ({ ada: { userId } }: Cast) => `/admin/users/${userId}`

/** Everything that changes something. */
const writes: Readonly<Record<string, Write>> = {
  register: (target) => post(target, '/register', { ...unbidden, transport: 'body' }),
  login: (target) => login(target, ada),
  refresh: (target, cast) => refresh(target, cast.ada.refreshToken),
  logout: (target, cast) => post(target, '/logout', { refreshToken: cast.ada.refreshToken }),
  'a new name': asAda('PATCH', '/profile', { name: 'Grace' }),
  'a new password': asAda('POST', '/password/change', {
    currentPassword: ada.password,
    newPassword: unbidden.password,
    transport: 'body',
  }),
  'a forgotten password': (target) => post(target, '/password/forgot', { email: ada.email }),
  'ending another session': (target, cast) =>
    callAs(cast.ada, target, `/sessions/${cast.other.sessionId}`, { method: 'DELETE' }),
  'ending all sessions': asAda('DELETE', '/sessions'),
  'deleting the account': asAda('DELETE', '/profile', { password: ada.password }),
  'blocking a user': asRoot('PATCH', ofAda, { status: 'blocked' }),
  'deleting a user': asRoot('DELETE', ofAda),
  'ending the sessions of a user': asRoot('DELETE', (cast) => `${ofAda(cast)}/sessions`),
  'a new role': asRoot('PUT', () => '/admin/roles/late', { permissions: ['late:write'] }),
  'another signing key': asRoot('POST', () => '/admin/keys/rotate', {}),
  'a service client': asRoot('POST', () => '/admin/clients', {
    name: 'late',
    scopes: ['revocations:read'],
  }),
}

/** A disk without space, under the database. */
export async function fullDisk(store: 'sqlite' | 'postgres'): Promise<Fault | Impossible> {
  const disk = openSmallDisk(store === 'sqlite' ? 24 : 80)
  if ('why' in disk) return disk
  return store === 'sqlite' ? fullDiskOfSqlite(disk) : await fullDiskOfPostgres(disk)
}

/** What differs between databases on a disk without space. */
interface Rooms {
  /** Uses up what it has set aside for what comes. */
  readonly useUp: () => Promise<void>
  /** Starts it again where it has ended itself. */
  readonly revive: () => Promise<void>
}

function fullDiskOfSqlite(disk: SmallDisk): Fault {
  const path = join(disk.folder, 'countersign.db')
  const { fail, check } = faultOn(disk, { useUp: async () => {}, revive: async () => {} })
  return {
    environment: { DATABASE_URL: `sqlite:${path}` },
    fail,
    async check(server) {
      await check(server)
      expectSound(path)
    },
    close: async () => disk.close(),
  }
}

async function fullDiskOfPostgres(disk: SmallDisk): Promise<Fault> {
  const postgres = await openFragilePostgres({
    place: disk.folder,
    // What is written ahead is given room by the segment.
    initOptions: ['--wal-segsize=1'],
    settings: { min_wal_size: '2MB', wal_recycle: 'off' },
  })
  return {
    ...faultOn(disk, {
      useUp: () => useUpSegments(postgres.url),
      // Without space for its log PostgreSQL ends itself. Whoever frees some starts it again.
      revive: () => postgres.server.revive(),
    }),
    environment: {
      DATABASE_URL: postgres.url,
      COUNTERSIGN_SECRET: randomBytes(32).toString('hex'),
    },
    async close() {
      await postgres.close()
      disk.close()
    },
  }
}

/** Begins one segment after another, until there is no room for the next. */
async function useUpSegments(url: string): Promise<void> {
  for (;;) {
    try {
      await runOn(url, "SELECT pg_logical_emit_message(false, 'full', ''), pg_switch_wal()")
    } catch {
      return
    }
  }
}

function faultOn(
  disk: SmallDisk,
  { useUp, revive }: Rooms,
): Required<Pick<Fault, 'fail' | 'check'>> {
  let cast: Cast
  return {
    async fail(world, isOver) {
      cast = await gather(world)
      const writer = await register(world.server, { ...ada, email: 'cat@full-disk.example' })
      await sleep(500)
      disk.fill()
      await useUp()
      await untilNothingFits(disk, world.server, writer)
      await expectRefused(world.server, cast)
      while (!isOver()) await sleep(50)
      disk.free()
      await revive()
      // One process all the time, and not one that somebody started again.
      expect(world.server.child.exitCode).toBeNull()
    },
    check: (server) => expectNothingDone(server, cast),
  }
}

async function gather({ server, run }: World): Promise<Cast> {
  const args = ['users', 'create', '--email', root.email, '--role', 'admin']
  expect(await run({ args, input: root.password })).toMatchObject({ code: 0 })
  return {
    ada: await register(server, ada),
    other: await signIn(server, ada),
    root: await signIn(server, root),
  }
}

/** Takes whatever space there still is, until even the smallest write is refused. */
async function untilNothingFits(disk: SmallDisk, server: Target, user: Tokens): Promise<void> {
  let { refreshToken } = user
  for (let refused = 0; refused < refusalsInRow; ) {
    disk.fill()
    const answer = await refresh(server, refreshToken)
    if (answer.status === 503) {
      refused += 1
      await sleep(20)
    } else {
      refused = 0
      refreshToken = tokensOf(answer).refreshToken
    }
  }
}

async function expectRefused(server: Target, cast: Cast): Promise<void> {
  for (const [name, write] of Object.entries(writes)) {
    const { status, headers, body } = await write(server, cast)
    expect({ name, status, code: body?.['code'] }).toEqual({
      name,
      status: 503,
      code: 'UNAVAILABLE',
    })
    expect(Number(headers.get('retry-after')), name).toBeGreaterThan(0)
    expect(headers.getSetCookie(), name).toEqual([])
  }
}

/** What was refused has not happened, not by half either. */
async function expectNothingDone(server: Target, cast: Cast): Promise<void> {
  const profile = await callAs(cast.ada, server, '/profile')
  expect(profile).toMatchObject({ status: 200 })
  expect(profile.body).not.toHaveProperty('name')
  for (const { refreshToken } of [cast.ada, cast.other, cast.root]) {
    expect(await refresh(server, refreshToken)).toMatchObject({ status: 200 })
  }
  expect(await login(server, ada)).toMatchObject({ status: 200 })
  expect(await login(server, unbidden)).toMatchObject({ status: 401 })
  expect(await callAs(cast.root, server, '/admin/roles/late')).toMatchObject({ status: 404 })
  const { body: keys } = await call(server, '/.well-known/jwks.json')
  expect(keys?.['keys']).toHaveLength(1)
  const { body } = await callAs(cast.root, server, '/admin/clients')
  expect(body?.['clients']).toEqual([])
}
