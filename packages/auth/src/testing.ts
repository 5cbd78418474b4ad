export { type FakeClock, fakeClock } from './testing/fake-clock.ts'
export { fakeRandom } from './testing/fake-random.ts'
