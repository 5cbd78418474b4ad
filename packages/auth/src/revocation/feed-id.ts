import { toBase64Url } from '../base/encoding.ts'
import type { InstallationStore } from '../model/installation.ts'
import type { Random } from '../ports/random.ts'

const name = 'feed-id'

/** Names the ledger of this installation; made once. */
export function openFeedId({
  installation,
  random,
}: {
  readonly installation: InstallationStore
  readonly random: Random
}): Promise<string> {
  return installation.putIfAbsent(name, toBase64Url(random.bytes(12)))
}
