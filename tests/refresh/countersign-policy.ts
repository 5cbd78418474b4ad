import { deriveSecretKeys } from '../../packages/auth/src/crypto/secrets.ts'
import type { Session } from '../../packages/auth/src/model/session.ts'
import { advance, classify } from '../../packages/auth/src/tokens/refresh-rule.ts'
import {
  formatRefreshToken,
  hashRefreshSecret,
  parseRefreshToken,
  toSessionId,
} from '../../packages/auth/src/tokens/refresh-token.ts'
import { compareAndSwap, newName, type Policy, windowSeconds } from './policy.ts'

const secrets = { current: deriveSecretKeys(Buffer.alloc(32, 1)), previous: null }
const rule = { secrets, replayWindowSeconds: windowSeconds }
const user = { status: 'active', sessionVersion: 0 } as const
const signInAt = 1_800_000_000
const firstSecret = new Uint8Array(32).fill(9)
const first = { sessionId: toSessionId(Buffer.alloc(16, 7)), generation: 0, secret: firstSecret }

const firstSession: Session = {
  id: first.sessionId,
  userId: 'usr_AAAAAAAAAAAAAAAAAAAAAA',
  status: 'active',
  authVersion: 0,
  generation: 0,
  generations: [{ hash: hashRefreshSecret(firstSecret), startedAt: signInAt }],
  createdAt: signInAt,
  lastUsedAt: signInAt,
  expiresAt: signInAt + 1e8,
  maxExpiresAt: signInAt + 1e8,
  endedAt: null,
  endReason: null,
  authMethods: [],
  ip: '192.0.2.1',
  userAgent: null,
}

/**
 * The real rule, on real tokens: `parseRefreshToken`, `classify` and `advance` decide
 * everything here. Only the names are short, so that traces can be read.
 */
export function countersignPolicy(): Policy {
  const texts = new Map<string, string>()
  const names = new Map<string, string>()
  const sessions = new Map<string, Session>()

  const nameToken = (text: string): string => {
    const token = parseRefreshToken(secrets, text)
    if (!token) throw new Error('the rule made a token that is not genuine')
    const hash = Buffer.from(hashRefreshSecret(token.secret)).toString('hex')
    const name = names.get(hash) ?? newName(token.generation, [...names.values()])
    names.set(hash, name)
    texts.set(name, text)
    return name
  }

  const rowOf = (session: Session): string => {
    const generations = session.generations.map(
      ({ hash, startedAt }) =>
        `${names.get(Buffer.from(hash).toString('hex'))}@${startedAt - signInAt}`,
    )
    const row = `${session.status}: ${generations.join(' ')}`
    sessions.set(row, session)
    return row
  }

  const sessionOf = (row: string): Session => {
    const session = sessions.get(row)
    if (!session) throw new Error(`no such record: ${row}`)
    return session
  }

  const end = (row: string) => rowOf({ ...sessionOf(row), status: 'ended' })
  const isAlive = (row: string) => row.startsWith('active')

  return {
    name: 'Countersign',
    start() {
      const token = nameToken(formatRefreshToken(secrets.current, first))
      return { row: rowOf(firstSession), token }
    },
    refresh(row, { token, key, now }) {
      const session = sessionOf(row)
      const presented = parseRefreshToken(secrets, texts.get(token) ?? token)
      if (!presented) return { outcome: 'refused', row }
      const at = signInAt + now
      const outcome = classify(rule, { session, user, presented, idempotencyKey: key, now: at })
      if (outcome.kind === 'rotated') {
        const next = advance(session, { hash: outcome.hash, now: at, idleSeconds: 1e8 })
        const name = nameToken(outcome.refreshToken)
        return { outcome: 'rotated', row: rowOf(next), token: name }
      }
      if (outcome.kind === 'replayed') {
        return { outcome: 'replayed', row, token: nameToken(outcome.refreshToken) }
      }
      if (outcome.kind === 'reused') return { outcome: 'reused', row: end(row) }
      return { outcome: outcome.kind === 'superseded' ? 'superseded' : 'refused', row }
    },
    end,
    isAlive,
    commit: compareAndSwap({ end, isAlive }),
  }
}
