/** Single values that belong to the installation as a whole, by name. */
export interface InstallationStore {
  get(name: string): Promise<string | null>
  /** Stores a value unless the name has one. @returns The value that is now there. */
  putIfAbsent(name: string, value: string): Promise<string>
  /** Atomic: replaces `from` by `to`. @returns Whether it happened. */
  replace(name: string, from: string, to: string): Promise<boolean>
}
