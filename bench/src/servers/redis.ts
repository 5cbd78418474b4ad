import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

/** A Redis server of its own, which listens on a socket in a folder of its own. */
export interface RedisServer {
  readonly socket: string
  readonly client: Redis
  stop(): Promise<void>
}

/** @returns `null` when this machine has none: npm brings no server. */
export async function startRedis(): Promise<RedisServer | null> {
  const program = ['redis-server', 'valkey-server'].find(
    (name) => spawnSync(name, ['--version']).status === 0,
  )
  if (program === undefined) return null
  const folder = await mkdtemp(join(tmpdir(), 'countersign-redis-'))
  const socket = join(folder, 'redis.sock')
  const args = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder]
  const child = spawn(program, args, { stdio: 'ignore' })
  const client = new Redis({ path: socket, retryStrategy: () => 50 })
  // It tries again until the server listens.
  client.on('error', () => {})
  await client.ping()
  return {
    socket,
    client,
    async stop() {
      client.disconnect()
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
