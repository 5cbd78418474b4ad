import { toBase64Url } from '../base/encoding.ts'
import { open, seal } from '../crypto/seal.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { MailOrder, MailOrderKind } from '../model/mail.ts'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'

interface OfUser {
  readonly userId: string
}

/** What was seen of a device, in words of ours. */
interface OfDevice extends OfUser {
  readonly device: string
  readonly at: number
}

/** What each kind of order is about. */
export interface MailAbout {
  /** Somebody signed up with an address that must be confirmed first. */
  readonly register: {
    readonly email: string
    readonly emailKey: string
    readonly username: string | null
    readonly name: string | null
    readonly passwordHash: string
  }
  /** To whoever has the address; to nobody if nobody has, or it is confirmed. */
  readonly verify_email: { readonly emailKey: string; readonly passwordHash?: string }
  readonly already_registered: { readonly emailKey: string }
  readonly reset_password: { readonly emailKey: string }
  /** To the new address. */
  readonly confirm_new_email: OfUser & { readonly email: string; readonly emailKey: string }
  readonly email_change_requested: OfUser & { readonly newEmail: string }
  /** To the address before. */
  readonly email_changed: OfUser & { readonly oldEmail: string; readonly newEmail: string }
  readonly password_changed: OfUser & { readonly at: number }
  readonly new_device: OfDevice & { readonly sessionId: string }
  readonly context_changed: OfDevice & { readonly sessionId: string }
  readonly session_stolen: OfDevice
}

/** Makes orders. Who makes one also stores it, with what it tells of. */
export interface MailOrders {
  order<Kind extends MailOrderKind>(kind: Kind, about: MailAbout[Kind]): MailOrder
}

/** Writes an order. Addresses in it are sealed. */
export function writeOrder<Kind extends MailOrderKind>(
  deps: { readonly clock: Clock; readonly random: Random; readonly secrets: ApplicationSecrets },
  kind: Kind,
  about: MailAbout[Kind],
): MailOrder {
  const id = `mail_${toBase64Url(deps.random.bytes(16))}`
  const plaintext = Buffer.from(JSON.stringify(about))
  const sealed = seal(deps, { plaintext, context: contextOf(id) })
  return { id, kind, sealed, createdAt: deps.clock.now() }
}

/** @throws {SealError} It was written under another application secret, or changed since. */
export function readOrder(
  secrets: ApplicationSecrets,
  { id, sealed }: Pick<MailOrder, 'id' | 'sealed'>,
): MailAbout[MailOrderKind] {
  const plaintext = open(secrets, { sealed, context: contextOf(id) })
  return JSON.parse(Buffer.from(plaintext).toString('utf8')) as MailAbout[MailOrderKind]
}

function contextOf(id: string): string {
  return `mail-order:${id}`
}
