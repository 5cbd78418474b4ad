import type { TokenStorage } from './session/storage.ts'

/** The part of expo-secure-store that is used, or of anything like it. */
export interface SecureStore {
  getItemAsync(key: string): Promise<string | null>
  setItemAsync(key: string, value: string): Promise<void>
  deleteItemAsync(key: string): Promise<void>
}

/** Keeps the refresh token in the Keychain or the Keystore: `import * as SecureStore from 'expo-secure-store'`. */
export function secureStorage(store: SecureStore, key = 'countersign'): TokenStorage {
  return {
    get: () => store.getItemAsync(key),
    set: (value) => store.setItemAsync(key, value),
    delete: () => store.deleteItemAsync(key),
  }
}
