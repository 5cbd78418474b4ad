import type { SigningKeyStore, StoredSigningKey } from '../model/signing-key.ts'

/** Signing keys in memory, for tests of what uses them. */
export function memorySigningKeys(): SigningKeyStore {
  let keys: readonly StoredSigningKey[] = []
  const remove = (kid: string) => {
    const before = keys.length
    keys = keys.filter((key) => key.kid !== kid)
    return keys.length < before
  }
  return {
    list: async () => [...keys],
    async add(key, newestKid) {
      if ((keys.at(-1)?.kid ?? null) !== newestKid) return false
      keys = [...keys, key].toSorted(
        (a, b) => a.activeFrom - b.activeFrom || (a.kid < b.kid ? -1 : 1),
      )
      return true
    },
    async reseal(kid, from, to) {
      const found = keys.some((key) => key.kid === kid && key.sealedPrivateKey === from)
      keys = keys.map((key) => (found && key.kid === kid ? { ...key, sealedPrivateKey: to } : key))
      return found
    },
    delete: async (kid) => remove(kid),
    revoke: async (kid) => remove(kid),
  }
}
