import type { EpochSeconds } from '../base/time.ts'

/** From where users have signed in. Proven by `knownDeviceStoreContract`. */
export interface KnownDeviceStore {
  /**
   * Notes that a user signed in from a device. Beyond `limit`, the one unseen longest is
   * forgotten.
   *
   * @returns `first`: the user had no device before. `new`: had others, not this one.
   */
  see(
    userId: string,
    device: string,
    input: { readonly at: EpochSeconds; readonly limit: number },
  ): Promise<'known' | 'new' | 'first'>
  /** Forgets all of them: after a theft, everything is new. */
  forgetAll(userId: string): Promise<void>
}
