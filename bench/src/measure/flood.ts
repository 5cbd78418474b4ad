import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FloodOrder, FloodReport } from '../flood-load.ts'

const program = fileURLToPath(new URL('../flood-load.ts', import.meta.url))

/**
 * Floods a server as long as `meanwhile` runs.
 *
 * @throws {Error} The flood broke off.
 */
export async function duringFlood<T>(
  order: FloodOrder,
  meanwhile: () => Promise<T>,
): Promise<{ result: T; flood: FloodReport }> {
  const child = fork(program)
  try {
    child.send(order)
    await nextMessage(child)
    const result = await meanwhile()
    child.send('stop')
    return { result, flood: (await nextMessage(child)) as FloodReport }
  } finally {
    child.kill('SIGKILL')
  }
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  const broken = new Error('the flood broke off')
  if (!child.connected) return Promise.reject(broken)
  return Promise.race([
    once(child, 'message').then(([message]) => message),
    once(child, 'disconnect').then(() => Promise.reject(broken)),
  ])
}
