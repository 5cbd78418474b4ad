import type { InstallationStore } from '../model/installation.ts'

/** An installation's values in memory, for tests of what uses them. */
export function memoryInstallation(): InstallationStore {
  const values = new Map<string, string>()
  return {
    get: async (name) => values.get(name) ?? null,
    async putIfAbsent(name, value) {
      const kept = values.get(name) ?? value
      values.set(name, kept)
      return kept
    },
    async replace(name, from, to) {
      if (values.get(name) !== from) return false
      values.set(name, to)
      return true
    },
  }
}
