import { createHash, createHmac } from 'node:crypto'
import { isEqualConstantTime } from '../base/constant-time.ts'
import { fromBase64Url, toBase64Url } from '../base/encoding.ts'
import type { ApplicationSecrets, SecretKeys } from '../crypto/secrets.ts'

/**
 * One generation of a session's refresh token.
 *
 * On the wire: `rt1_` and base64url of
 * `version (1) · session id (16) · generation (4, big endian) · secret (32) · tag (12)`.
 */
export interface RefreshToken {
  /** `ses_` and 22 characters of base64url. */
  readonly sessionId: string
  /** From 0 to {@link maxGeneration}. */
  readonly generation: number
  /** 32 bytes. The server keeps only their hash. */
  readonly secret: Uint8Array
}

/** The generation field has 32 bits; a session cannot be refreshed beyond it. */
export const maxGeneration = 0xff_ff_ff_ff

const textPrefix = 'rt1_'
const version = 1
const sessionIdPrefix = 'ses_'

/** Length of a session id's random part, in bytes. */
export const sessionIdBytes = 16

/** Length of a token's secret, in bytes. */
export const secretBytes = 32

const generationAt = 1 + sessionIdBytes
const secretAt = generationAt + 4
const tagAt = secretAt + secretBytes
const tagBytes = 12
const textLength = textPrefix.length + Math.ceil(((tagAt + tagBytes) * 8) / 6)

/** Writes 16 bytes as a session id. */
export function toSessionId(bytes: Uint8Array): string {
  return sessionIdPrefix + toBase64Url(bytes)
}

/** What the server keeps of a token: SHA-256 of its secret. The secret has full entropy. */
export function hashRefreshSecret(secret: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(secret).digest())
}

/** Writes a token as text, tagged as genuine under `keys`. */
export function formatRefreshToken(keys: SecretKeys, token: RefreshToken): string {
  const body = encodeBody(token)
  return textPrefix + toBase64Url(Buffer.concat([body, tagOf(keys, body)]))
}

/**
 * Reads a token that this installation made, or answers `null`.
 *
 * Exactly one spelling is accepted. Says only that the token is genuine: whether it is
 * current, repeated or stolen is for the refresh rule. Reads no database, so that garbage
 * costs nothing and only a token that was really issued can count as reuse.
 */
export function parseRefreshToken(secrets: ApplicationSecrets, text: string): RefreshToken | null {
  if (text.length !== textLength || !text.startsWith(textPrefix)) return null
  const bytes = fromBase64Url(text.slice(textPrefix.length))
  if (!bytes || bytes[0] !== version) return null
  const body = bytes.subarray(0, tagAt)
  const tag = bytes.subarray(tagAt)
  const isGenuine = usable(secrets).some((keys) => isEqualConstantTime(tagOf(keys, body), tag))
  return isGenuine ? decodeBody(body) : null
}

/**
 * Computes the token that follows `token`. The same request computes the same successor,
 * so that a repeat can be answered alike although no secret is stored.
 *
 * @param idempotencyKey ASCII, as the endpoint has checked. Not giving one differs from
 *   giving any, the empty one included.
 * @throws {RangeError} After {@link maxGeneration}.
 */
export function successorOf(
  keys: SecretKeys,
  token: RefreshToken,
  idempotencyKey: string | undefined,
): RefreshToken {
  const generation = token.generation + 1
  // Every part but the last has a fixed length: no two inputs spell the same message.
  const secret = createHmac('sha256', keys.refreshNext)
    .update('rt1')
    .update(encodeBody({ ...token, generation }))
    .update(idempotencyKey === undefined ? 'bearer' : `keyed:${idempotencyKey}`)
    .digest()
  return { sessionId: token.sessionId, generation, secret: new Uint8Array(secret) }
}

/**
 * Finds the text of `token`'s successor if it is the one that `hash` was kept of.
 *
 * During a change of the application secret the successor may have been made with either
 * secret. The one that fits also tags the text, so that a repeat gets the same bytes.
 */
export function findSuccessor(
  secrets: ApplicationSecrets,
  token: RefreshToken,
  { idempotencyKey, hash }: { idempotencyKey: string | undefined; hash: Uint8Array },
): string | null {
  for (const keys of usable(secrets)) {
    const successor = successorOf(keys, token, idempotencyKey)
    if (isEqualConstantTime(hashRefreshSecret(successor.secret), hash)) {
      return formatRefreshToken(keys, successor)
    }
  }
  return null
}

function usable({ current, previous }: ApplicationSecrets): readonly SecretKeys[] {
  return previous ? [current, previous] : [current]
}

function tagOf(keys: SecretKeys, body: Uint8Array): Uint8Array {
  return createHmac('sha256', keys.refreshTag).update(body).digest().subarray(0, tagBytes)
}

function encodeBody({ sessionId, generation, secret }: RefreshToken): Uint8Array {
  const body = Buffer.alloc(tagAt)
  body.writeUInt8(version, 0)
  body.write(sessionId.slice(sessionIdPrefix.length), 1, 'base64url')
  body.writeUInt32BE(generation, generationAt)
  body.set(secret, secretAt)
  return body
}

function decodeBody(body: Uint8Array): RefreshToken {
  const view = new DataView(body.buffer, body.byteOffset)
  return {
    sessionId: toSessionId(body.subarray(1, generationAt)),
    generation: view.getUint32(generationAt),
    secret: body.slice(secretAt),
  }
}
