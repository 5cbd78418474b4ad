import type { Target } from '../processes/client.ts'
import type { Environment, Launch, Sandbox, Server } from '../processes/sandbox.ts'

/** Where clients find the server: it may be another one after a crash. */
export interface World {
  server: Server
  /** A server that is there; waits for one otherwise. */
  find(): Promise<Target>
  /** Ends the server as a power cut would, and starts another. */
  killAndRestart(): Promise<void>
  /** Runs `countersign` on the same database. */
  run(launch: Pick<Launch, 'args' | 'input'>): ReturnType<Sandbox['run']>
}

export interface Fault {
  readonly environment?: Environment
  /** Goes on failing until it is over. */
  readonly fail: (world: World, isOver: () => boolean) => Promise<void>
  /** Looks, when clients are answered again, whether something was done that was refused. */
  readonly check?: (server: Server) => Promise<void>
  /** Stands between clients and the server. */
  readonly through?: (world: World) => Promise<{ target: Target; close(): Promise<void> }>
  /** Lets go of what it was made with. */
  readonly close?: () => Promise<void>
}

/** What cannot be made to fail on this machine. */
export interface Impossible {
  readonly why: string
}
