import type { RoleStore } from '../../../model/role.ts'
import type { BatchOutcome, User, UserStore } from '../../../model/user.ts'

type Holder = Pick<User, 'id' | 'passwordHash' | 'createdAt'>

/**
 * Says what would become of users, and adds nobody. Remembers the addresses and usernames it was
 * asked about: unlike an import, a trial takes memory by the size of its file.
 */
export function trialUsers({
  users,
  roles,
}: {
  readonly users: UserStore
  readonly roles: RoleStore
}): Pick<UserStore, 'createMany'> {
  const byEmailKey = new Map<string, Holder>()
  const byUsername = new Map<string, Holder>()

  async function outcomeOf(user: User, known: ReadonlySet<string>): Promise<BatchOutcome> {
    const { id, emailKey, username, passwordHash, createdAt } = user
    if (!user.roles.every((role) => known.has(role))) return { result: 'role_unknown' }
    const ofEmail = byEmailKey.get(emailKey) ?? (await users.findByEmailKey(emailKey))
    if (ofEmail) return { result: 'email_taken', holder: ofEmail }
    const ofUsername =
      username === null
        ? null
        : (byUsername.get(username) ?? (await users.findByUsername(username)))
    if (ofUsername) return { result: 'username_taken', holder: ofUsername }
    byEmailKey.set(emailKey, { id, passwordHash, createdAt })
    if (username !== null) byUsername.set(username, { id, passwordHash, createdAt })
    return { result: 'created' }
  }

  return {
    async createMany(batch) {
      const known = new Set((await roles.list()).map(({ name }) => name))
      const outcomes: BatchOutcome[] = []
      for (const user of batch) outcomes.push(await outcomeOf(user, known))
      return outcomes
    },
  }
}
