/** A password hash of other software, understood and cheap enough to be compared with. */
export interface ImportedHash {
  /**
   * How much of a password went into the hash, in bytes of UTF-8; `null` when all of it. A match
   * says nothing about what comes after.
   */
  readonly maxPasswordBytes: number | null
  /** Whether a password, exactly as it is given, is the one that was hashed. */
  matches(password: string): Promise<boolean>
}

/** What reading a hash gives: the hash, or why it is not taken. A problem never repeats the text. */
export type ReadHash = { readonly hash: ImportedHash } | { readonly problem: string }
