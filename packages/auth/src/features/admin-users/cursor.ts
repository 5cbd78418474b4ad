import { createHmac, type KeyObject } from 'node:crypto'
import { isEqualConstantTime } from '../../base/constant-time.ts'
import { fromBase64Url, toBase64Url } from '../../base/encoding.ts'
import { AuthError } from '../../base/errors.ts'
import type { ApplicationSecrets } from '../../crypto/secrets.ts'
import type { User } from '../../model/user.ts'

// A cursor is ours and comes back unchanged, or it is refused: what a caller could write
// into it would otherwise reach the store unchecked.

const tagLength = 16

type Position = Pick<User, 'createdAt' | 'id'>

/** Where a page of users ends, as text to hand to a caller. */
export function writeCursor(secrets: ApplicationSecrets, { createdAt, id }: Position): string {
  const content = Buffer.from(`${createdAt}:${id}`)
  return toBase64Url(Buffer.concat([tagOf(secrets.current.cursor, content), content]))
}

/** @throws {AuthError} `VALIDATION_FAILED` for anything {@link writeCursor} did not write. */
export function readCursor(secrets: ApplicationSecrets, cursor: string): Position {
  const bytes = fromBase64Url(cursor)
  const tag = bytes?.subarray(0, tagLength)
  const content = bytes?.subarray(tagLength)
  if (!tag || !content || !isEqualConstantTime(tag, tagOf(secrets.current.cursor, content))) {
    throw new AuthError('VALIDATION_FAILED', {
      errors: [{ path: 'cursor', code: 'INVALID', message: 'This is not a cursor from here.' }],
    })
  }
  const text = Buffer.from(content).toString()
  const colon = text.indexOf(':')
  return { createdAt: Number(text.slice(0, colon)), id: text.slice(colon + 1) }
}

function tagOf(key: KeyObject, content: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(content).digest().subarray(0, tagLength)
}
