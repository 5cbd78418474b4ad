import type { KeyStatus } from '../../keys/key-status.ts'

/** Something an operator should know. With an error the server does not start, or not work. */
export interface Finding {
  readonly level: 'error' | 'warning'
  /** A variable, or `database`, `keys`, `clock`. */
  readonly about: string
  /** What is wrong and how to mend it. Never holds a secret. */
  readonly message: string
}

/** What an option is now. */
export interface OptionValue {
  readonly variable: string
  /** As an operator would write it. Of a secret only whether it is set. */
  readonly value: string
  readonly from: 'environment' | 'command line' | 'default'
}

/** What is known of a database. */
export interface DatabaseState {
  readonly sizeBytes: number
  /** Of SQLite; `null` with PostgreSQL. */
  readonly journalMode: string | null
  /** Of PostgreSQL; `null` with SQLite. */
  readonly serverVersion: string | null
  readonly pendingSteps: readonly string[]
}

/** Everything `countersign doctor` finds out. */
export interface Report {
  readonly version: string
  readonly node: string
  /** The version of Node-API. */
  readonly napi: string
  readonly options: readonly OptionValue[]
  /** `null` when there is none, or it cannot be opened. */
  readonly database: DatabaseState | null
  readonly keys: readonly KeyStatus[]
  readonly findings: readonly Finding[]
}

export function errorAbout(about: string, message: string): Finding {
  return { level: 'error', about, message }
}

export function warningAbout(about: string, message: string): Finding {
  return { level: 'warning', about, message }
}
