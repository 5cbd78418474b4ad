import type { Stores } from '../model/stores.ts'
import type { User, UserQuery } from '../model/user.ts'

const pageSize = 500

/**
 * All users that match, oldest first, page by page: a page is read when it is asked for.
 * Users who come or go meanwhile may be missing; none comes twice.
 *
 * @param query.limit The most to give, of all pages together. Default: no limit.
 */
export async function* userPages(
  { users }: Pick<Stores, 'users'>,
  query: Omit<UserQuery, 'after' | 'limit'> & { readonly limit?: number | undefined },
): AsyncGenerator<User[], void, undefined> {
  const { limit = Number.POSITIVE_INFINITY, ...filter } = query
  let after: User | undefined
  for (let left = limit; left > 0; left -= pageSize) {
    const wanted = Math.min(left, pageSize)
    const page = await users.list({ ...filter, ...(after && { after }), limit: wanted })
    if (page.length > 0) yield page
    if (page.length < wanted) return
    after = page.at(-1)
  }
}
