import { createHash } from 'node:crypto'
import type { OutgoingEvent } from '../model/event-stream.ts'
import { type Revocation, type RevocationReason, revocationSeconds } from '../model/revocation.ts'

/**
 * OpenID CAEP 1.0 §3.1
 *
 * @exportedForTest
 */
export const sessionRevoked = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked'
/**
 * OpenID CAEP 1.0 §3.3
 *
 * @exportedForTest
 */
export const credentialChange =
  'https://schemas.openid.net/secevent/caep/event-type/credential-change'
/** OpenID SSF 1.0 §8.1.4.1 */
const verification = 'https://schemas.openid.net/secevent/ssf/event-type/verification'

/** What receivers may ask for. */
export const supportedEvents: readonly string[] = [sessionRevoked, credentialChange]

/** What an entry of the ledger is to a receiver: whose doing it was, and in words. */
interface Meaning {
  readonly types: readonly string[]
  readonly by: 'user' | 'admin' | 'policy' | 'system'
  readonly words: string
}

const ended = [sessionRevoked]

// Changes of roles, service clients and keys end no session: they are no events of CAEP's.
const meanings: Readonly<Partial<Record<RevocationReason, Meaning>>> = {
  logout: { types: ended, by: 'user', words: 'The user signed out.' },
  ended_by_user: { types: ended, by: 'user', words: 'The user ended the session.' },
  ended_by_admin: { types: ended, by: 'admin', words: 'An administrator ended the session.' },
  logout_everywhere: { types: ended, by: 'user', words: 'The user signed out everywhere.' },
  refresh_token_reused: { types: ended, by: 'policy', words: 'A refresh token was stolen.' },
  context_changed: {
    types: ended,
    by: 'policy',
    words: 'The session was used from elsewhere.',
  },
  session_limit: { types: ended, by: 'policy', words: 'The user has too many sessions.' },
  password_changed: {
    types: [credentialChange, sessionRevoked],
    by: 'user',
    words: 'The password was changed.',
  },
  user_blocked: { types: ended, by: 'admin', words: 'The user was blocked.' },
  user_deleted: { types: ended, by: 'system', words: 'The user was deleted.' },
}

/**
 * What a receiver is told of an entry. The same entry gives the same events with the same names,
 * at every process and however often.
 *
 * @param stream.eventsRequested Other types are left out.
 */
export function securityEvents(
  entry: Revocation,
  {
    issuer,
    stream,
  }: {
    readonly issuer: string
    readonly stream: { readonly id: string; readonly eventsRequested: readonly string[] }
  },
): OutgoingEvent[] {
  const meaning = meanings[entry.reason]
  if (!meaning || (entry.kind !== 'session' && entry.kind !== 'user')) return []
  const happenedAt = entry.expiresAt - revocationSeconds
  const types = meaning.types.filter((type) => stream.eventsRequested.includes(type))
  return types.map((type) => {
    const details = {
      event_timestamp: happenedAt,
      initiating_entity: meaning.by,
      reason_admin: { en: meaning.words },
      ...(type === credentialChange && { credential_type: 'password', change_type: 'update' }),
    }
    const claims = {
      iat: happenedAt,
      sub_id: subjectOf(entry, issuer),
      events: { [type]: details },
    }
    return { jti: nameOf(entry, stream.id, type), claims: JSON.stringify(claims) }
  })
}

/** Asks a receiver to show that it gets what is sent (OpenID SSF 1.0 §8.1.4.1). */
export function verificationEvent(input: {
  readonly jti: string
  readonly streamId: string
  readonly state: string | undefined
  readonly now: number
}): OutgoingEvent {
  const { jti, streamId, state, now } = input
  const claims = {
    iat: now,
    sub_id: { format: 'opaque', id: streamId },
    events: { [verification]: { state } },
  }
  return { jti, claims: JSON.stringify(claims) }
}

// RFC 9493 §3.2.2; OpenID SSF 1.0 §3.3: a session of whomever, as the entry names nobody.
function subjectOf({ kind, key }: Revocation, issuer: string): object {
  if (kind === 'user') return { format: 'iss_sub', iss: issuer, sub: key }
  return { format: 'complex', session: { format: 'opaque', id: key } }
}

function nameOf({ kind, key, floor, expiresAt }: Revocation, streamId: string, type: string) {
  const identity = JSON.stringify([streamId, kind, key, floor, expiresAt, type])
  return createHash('sha256').update(identity).digest('base64url')
}
