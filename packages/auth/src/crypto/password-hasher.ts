/** For whom a password is hashed: the gate is fair between networks and between accounts. */
export interface HashingOrigin {
  readonly network: string
  readonly account: string
}

/** The expensive part of a sign-in, behind the gate that bounds it. */
export interface PasswordHasher {
  /** @throws {AuthError} `UNAVAILABLE` when the queue is too long. */
  hash(password: string, origin: HashingOrigin): Promise<string>
  /**
   * Compares a password with a hash. `null` (no such user) costs the same and never matches.
   *
   * @returns `outdated`: right, but made with other parameters than today's; hash it again.
   * @throws {AuthError} `UNAVAILABLE` when the queue is too long.
   */
  verify(
    hash: string | null,
    password: string,
    origin: HashingOrigin,
  ): Promise<{ matches: boolean; outdated: boolean }>
}
