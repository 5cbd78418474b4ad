import { createHmac } from 'node:crypto'
import { auditEvent } from '../audit/event.ts'
import { toBase64Url } from '../base/encoding.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { Session } from '../model/session.ts'
import type { Stores } from '../model/stores.ts'
import type { User } from '../model/user.ts'
import { describeDevice } from './describe-device.ts'
import { type SessionDeps, startSession } from './start-session.ts'

/** Devices of one user that are remembered. */
const maxDevices = 50

/** From what somebody signs in. */
export interface SigningDevice {
  /** What it is told by, at its next sign-in. */
  readonly key: string
  /** It has shown, by a cookie of ours, that this user has signed in from it. */
  readonly isProven: boolean
}

/** Who calls, as far as the connection tells. */
export interface SigningClient {
  readonly ip: string
  readonly network: string
  readonly userAgent: string | null
}

type SignInDeps = SessionDeps & { readonly stores: Pick<Stores, 'knownDevices'> }

/**
 * Signs a user in whose credential was checked: starts a session. From a device they have not
 * signed in from before, though from others, they are told by mail.
 */
export async function signIn(
  deps: SignInDeps,
  input: {
    readonly user: User
    readonly client: SigningClient
    readonly device: SigningDevice
    readonly authMethods: readonly string[]
  },
): Promise<{ session: Session; refreshToken: string }> {
  const { user, client, device, authMethods } = input
  const at = deps.clock.now()
  const seen = { at, limit: maxDevices }
  const sight = await deps.stores.knownDevices.see(user.id, device.key, seen)
  const isNew = sight === 'new' && !device.isProven
  return startSession(deps, {
    user,
    ip: client.ip,
    userAgent: client.userAgent,
    authMethods,
    along: ({ id: sessionId }) => ({
      audit: auditEvent(deps, 'login', {
        actor: user.id,
        subject: user.id,
        sessionId,
        client,
        ...(isNew && { reason: 'new_device' }),
      }),
      mail:
        isNew && deps.mailer
          ? [
              deps.mailer.order('new_device', {
                userId: user.id,
                sessionId,
                device: nameOfDevice(client.userAgent),
                at,
              }),
            ]
          : [],
    }),
  })
}

/** A few words for mail, never what a header says: a stranger writes that. */
export function nameOfDevice(userAgent: string | null): string {
  return describeDevice(userAgent) ?? 'unknown'
}

/**
 * What a program without cookies is told by: its agent and its network. Another program of the
 * same kind in the same network looks the same.
 */
export function agentDevice(
  { current }: ApplicationSecrets,
  { userAgent, network }: Pick<SigningClient, 'userAgent' | 'network'>,
): SigningDevice {
  const hash = createHmac('sha256', current.device)
    .update(`${network} ${userAgent ?? ''}`)
    .digest()
  return { key: `agent:${toBase64Url(hash.subarray(0, 16))}`, isProven: false }
}
