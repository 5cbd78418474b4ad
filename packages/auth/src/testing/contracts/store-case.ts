import type { Stores } from '../../model/stores.ts'

/** One promise of a store contract, with the check that a store keeps it. */
export interface StoreCase {
  readonly name: string
  /**
   * Resolves if the promise is kept, and rejects with an `AssertionError` if not.
   *
   * @param open Opens stores that hold nothing but the role `admin`. The case closes them.
   */
  run(open: () => Promise<Stores>): Promise<void>
}

export function storeCase(name: string, check: (stores: Stores) => Promise<void>): StoreCase {
  return {
    name,
    async run(open) {
      const stores = await open()
      try {
        await check(stores)
      } finally {
        await stores.close()
      }
    },
  }
}

/** How many callers meet in a case about concurrency. */
export const crowd = 20

/** Makes `crowd` calls without waiting in between. @param call Takes 0, 1, 2 … */
export async function atOnce<T>(call: (index: number) => Promise<T>): Promise<T[]> {
  return await Promise.all(Array.from({ length: crowd }, (_, index) => call(index)))
}

/** How often a value is among others. */
export function count<T>(values: readonly T[], wanted: T): number {
  return values.filter((value) => value === wanted).length
}
