import { expect, test } from 'vitest'
import { type Revocation, type RevocationReason, revocationSeconds } from '../model/revocation.ts'
import {
  credentialChange,
  securityEvents,
  sessionRevoked,
  supportedEvents,
} from './security-events.ts'

const revokedAt = 6340
const entry: Revocation = {
  kind: 'user',
  key: 'usr_1',
  floor: 3,
  reason: 'password_changed',
  expiresAt: revokedAt + revocationSeconds,
}
const stream = { id: 'str_1', eventsRequested: supportedEvents }
const issuer = 'https://auth.example.com'
const namesOf = (of: Revocation, to = stream) =>
  securityEvents(of, { issuer, stream: to }).map(({ jti }) => jti)

test('an entry gives the same events with the same names, however often it is read', () => {
  expect(securityEvents({ ...entry }, { issuer, stream })).toEqual(
    securityEvents(entry, { issuer, stream }),
  )
})

test('other entries, other types and other streams give other names', () => {
  const names = [
    ...namesOf(entry),
    ...namesOf({ ...entry, key: 'usr_2' }),
    ...namesOf({ ...entry, floor: 4 }),
    ...namesOf({ ...entry, kind: 'session' }),
    ...namesOf({ ...entry, expiresAt: entry.expiresAt + 1 }),
    ...namesOf(entry, { ...stream, id: 'str_2' }),
  ]
  expect(names).toHaveLength(12)
  expect(new Set(names).size).toBe(12)
})

test.each<[RevocationReason, string, string]>([
  ['logout', 'user', sessionRevoked],
  ['ended_by_user', 'user', sessionRevoked],
  ['ended_by_admin', 'admin', sessionRevoked],
  ['logout_everywhere', 'user', sessionRevoked],
  ['refresh_token_reused', 'policy', sessionRevoked],
  ['session_limit', 'policy', sessionRevoked],
  ['password_changed', 'user', credentialChange],
  ['user_blocked', 'admin', sessionRevoked],
  ['user_deleted', 'system', sessionRevoked],
])('%s is the doing of %s', (reason, by, type) => {
  const [event] = securityEvents({ ...entry, reason }, { issuer, stream })
  expect(JSON.parse(event?.claims ?? '{}')).toMatchObject({
    iat: revokedAt,
    events: { [type]: { initiating_entity: by, event_timestamp: revokedAt } },
  })
})

test.each<Partial<Revocation>>([
  { reason: 'roles_changed' },
  { kind: 'role', reason: 'role_changed' },
  { kind: 'client', reason: 'client_disabled' },
  { kind: 'key', reason: 'key_compromised' },
])('%j is no such event', (members) => {
  expect(namesOf({ ...entry, ...members })).toEqual([])
})
