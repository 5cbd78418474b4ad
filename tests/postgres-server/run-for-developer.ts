// A PostgreSQL server in the foreground. See scripts/dev-postgres.mjs.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findPostgres } from './find-servers.ts'
import { startPostgres } from './postgres-server.ts'

const { values } = parseArgs({
  options: { folder: { type: 'string' }, port: { type: 'string' } },
})
const scratch = mkdtempSync(join(tmpdir(), 'countersign-postgres-'))
chmodSync(scratch, 0o755)
const folder = values.folder === undefined ? join(scratch, 'data') : resolve(values.folder)

const [programs] = await findPostgres(scratch)
if (!programs) throw new Error('There is no PostgreSQL.')
const server = await startPostgres(programs, {
  folder,
  ...(values.port !== undefined && { port: Number(values.port) }),
})
process.stdout.write(`PostgreSQL of ${programs.from} runs until Ctrl-C. Its data: ${folder}

  export DATABASE_URL=${server.url('postgres')}
  export COUNTERSIGN_SECRET=$(openssl rand -hex 32)

`)

let isStopping = false
async function stop(): Promise<void> {
  if (isStopping) return
  isStopping = true
  await server.stop('fast')
  rmSync(scratch, { recursive: true, force: true })
  process.exit()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop())
