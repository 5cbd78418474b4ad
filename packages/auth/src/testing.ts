export type { StoreCase } from './testing/contracts/store-case.ts'
export { storeContract } from './testing/contracts/store-contract.ts'
export { type FakeClock, fakeClock } from './testing/fake-clock.ts'
export { fakeRandom } from './testing/fake-random.ts'
