import { parseIdentifier } from '../model/identifiers.ts'
import type { Stores } from '../model/stores.ts'
import type { User } from '../model/user.ts'

// 128 random bits after the prefix. A username of this shape does not name its user here:
// whoever asks for a user that was deleted must not get one who took its id for a name.
const userId = /^usr_[A-Za-z0-9_-]{22}$/

/** Finds a user by id, e-mail address or username, whichever the text is. */
export async function findNamedUser(
  { users }: Pick<Stores, 'users'>,
  text: string,
): Promise<User | null> {
  if (userId.test(text)) return await users.find(text)
  const identifier = parseIdentifier(text)
  if (!identifier) return null
  return identifier.kind === 'email'
    ? await users.findByEmailKey(identifier.key)
    : await users.findByUsername(identifier.key)
}
