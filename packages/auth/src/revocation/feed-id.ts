import { toBase64Url } from '../base/encoding.ts'
import type { InstallationStore } from '../model/installation.ts'
import type { Random } from '../ports/random.ts'

const name = 'feed-id'

/** Names the ledger of this installation; made once. */
export async function openFeedId({
  installation,
  random,
}: {
  readonly installation: InstallationStore
  readonly random: Random
}): Promise<string> {
  // Looked for first: a start must not wait for whoever writes.
  const known = await installation.get(name)
  return known ?? installation.putIfAbsent(name, toBase64Url(random.bytes(12)))
}
