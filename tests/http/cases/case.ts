import type { Authority, CallAuthority } from '../authority.ts'

/** One promise of the contract, kept through any mount. */
export interface Case {
  readonly name: string
  /** Needs an authority that no other case uses or has used. */
  readonly needsOwn?: true
  run(world: World): Promise<void>
}

/** An authority, and the address the case calls it from. */
export interface World extends Authority {
  readonly call: CallAuthority
}
