import type { Revocation } from '../model/revocation.ts'

/** An entry as verifiers read it. */
export type WireEntry = readonly (string | number)[]

const codes: Readonly<Record<Revocation['kind'], string>> = {
  session: 's',
  user: 'u',
  role: 'r',
  client: 'c',
  key: 'k',
}

/** Writes an entry: `["s", sid, exp]`, `["u", sub, floor, exp]` and so on. */
export function toWire({ kind, key, floor, expiresAt }: Revocation): WireEntry {
  const hasFloor = kind !== 'session' && kind !== 'key'
  return [codes[kind], key, ...(hasFloor ? [floor] : []), expiresAt]
}

/** A place in the ledger, with the name of the ledger: `<feed>~<cursor>`. */
export function toWireCursor(feedId: string, cursor: string): string {
  return `${feedId}~${cursor}`
}

/** @returns `null` for a place of another ledger, or none at all. */
export function fromWireCursor(feedId: string, text: string): string | null {
  return text.startsWith(`${feedId}~`) ? text.slice(feedId.length + 1) : null
}
