import type { Administration } from '../app/administration.ts'
import type { User } from '../model/user.ts'
import { findNamedUser } from '../users/named-user.ts'
import { notFound } from './refusal.ts'

/**
 * The user whom a command names by id, e-mail address or username.
 *
 * @throws {Refusal} There is none.
 */
export async function getNamedUser(
  { stores }: Pick<Administration, 'stores'>,
  name: string,
): Promise<User> {
  const user = await findNamedUser(stores, name)
  if (!user) throw notFound(`There is no user ${name}.`)
  return user
}
