import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { newKey } from './session/chance.ts'
import type { TokenStorage } from './session/storage.ts'

/**
 * Keeps the refresh token in a file that its owner alone may read. It is replaced as a whole: a
 * crash leaves the one before or the one after.
 */
export function fileStorage(path: string): TokenStorage {
  return {
    async get() {
      try {
        return await readFile(path, 'utf8')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    async set(value) {
      const next = `${path}.${newKey()}`
      await writeFile(next, value, { mode: 0o600, flag: 'wx', flush: true })
      await rename(next, path)
    },
    delete: () => rm(path, { force: true }),
  }
}
