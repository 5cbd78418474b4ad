import { strict as assert } from 'node:assert'
import { sampleUser } from './samples.ts'
import { atOnce, count, crowd, type StoreCase, storeCase } from './store-case.ts'

const editor = { name: 'editor', permissions: ['posts:read', 'posts:write'] }
const ada = sampleUser('ada', { roles: ['editor'] })
const bob = sampleUser('bob')

/** What a `RoleStore` must do. */
export const roleStoreContract: readonly StoreCase[] = [
  storeCase('the role admin is there from the start', async ({ roles }) => {
    const admin = {
      name: 'admin',
      permissions: [
        'audit:read',
        'clients:read',
        'clients:write',
        'keys:read',
        'keys:write',
        'roles:read',
        'roles:write',
        'users:read',
        'users:write',
      ],
    }
    assert.deepEqual(await roles.list(), [admin])
    assert.deepEqual(await roles.find('admin'), admin)
  }),

  storeCase('a role comes back as it was put', async ({ roles }) => {
    assert.equal(await roles.put(editor, 2000), 'created')
    assert.deepEqual(await roles.find('editor'), editor)
  }),

  storeCase('a role may give nothing', async ({ roles }) => {
    await roles.put({ name: 'guest', permissions: [] }, 2000)
    assert.deepEqual(await roles.find('guest'), { name: 'guest', permissions: [] })
  }),

  storeCase('where there is no role, null is found', async ({ roles }) => {
    assert.equal(await roles.find('ghost'), null)
  }),

  storeCase('roles are listed ascending by name', async ({ roles }) => {
    for (const name of ['b', 'a-1', 'a_1', 'a1']) await roles.put({ name, permissions: [] }, 2000)
    const names = (await roles.list()).map(({ name }) => name)
    assert.deepEqual(names, ['a-1', 'a1', 'a_1', 'admin', 'b'])
  }),

  storeCase('putting a role again replaces its permissions', async ({ roles }) => {
    await roles.put(editor, 2000)
    const next = { name: 'editor', permissions: ['posts:delete', 'posts:read'] }
    assert.equal(await roles.put(next, 2000), 'changed')
    assert.deepEqual(await roles.find('editor'), next)
  }),

  storeCase(
    'a change of permissions raises the version of the roles of who has it',
    async (stores) => {
      const { roles, users } = stores
      await roles.put(editor, 2000)
      await users.create(ada)
      await users.create(bob)
      await roles.put({ name: 'editor', permissions: [] }, 2000)
      assert.deepEqual(await users.find(ada.id), { ...ada, rolesVersion: 1 })
      assert.deepEqual(await users.find(bob.id), bob)
    },
  ),

  storeCase('putting a role as it is changes nothing', async ({ roles, users }) => {
    await roles.put(editor, 2000)
    await users.create(ada)
    assert.equal(await roles.put(editor, 2000), 'unchanged')
    assert.deepEqual(await users.find(ada.id), ada)
  }),

  storeCase('of many who put one new role, one creates it', async ({ roles }) => {
    const results = await atOnce(() => roles.put(editor, 2000))
    assert.equal(count(results, 'created'), 1)
    assert.equal(count(results, 'unchanged'), crowd - 1)
  }),

  storeCase('many who change one role leave one of their sets', async ({ roles, users }) => {
    await roles.put(editor, 2000)
    await users.create(ada)
    const sets = Array.from({ length: crowd }, (_, index) => [`p${index}:a`, `p${index}:b`])
    await atOnce((index) => roles.put({ name: 'editor', permissions: sets[index] ?? [] }, 2000))
    const permissions = (await roles.find('editor'))?.permissions
    assert.ok(sets.some((set) => set.join() === permissions?.join()))
    assert.equal((await users.find(ada.id))?.rolesVersion, crowd)
  }),

  storeCase('a deleted role is gone, also from users, whose tokens die', async (stores) => {
    const { roles, users } = stores
    await roles.put(editor, 2000)
    await users.create(ada)
    await users.create(bob)
    assert.equal(await roles.delete('editor', 2000), true)
    assert.equal(await roles.find('editor'), null)
    assert.deepEqual(await users.find(ada.id), { ...ada, roles: [] })
    assert.deepEqual(await users.find(bob.id), bob)
  }),

  storeCase('a role made anew is not below what was revoked of the old one', async (stores) => {
    const { roles, users, revocations } = stores
    await roles.put(editor, 2000)
    await roles.delete('editor', 2000)
    await roles.put(editor, 2000)
    await users.create(ada)
    const [entry] = (await revocations.list({ now: 2000, limit: 10 })).entries
    const version = (await users.find(ada.id))?.rolesVersion ?? 0
    assert.ok(entry && version >= entry.floor)
  }),

  storeCase('of several roles, the one changed last gives the version', async (stores) => {
    const { roles, users } = stores
    const both = sampleUser('both', { roles: ['critic', 'editor'] })
    await roles.put(editor, 2000)
    await roles.put({ name: 'critic', permissions: [] }, 2000)
    await users.create(both)
    await roles.put({ name: 'critic', permissions: ['a:b'] }, 2000)
    await roles.put({ name: 'editor', permissions: ['a:b'] }, 2000)
    await roles.put({ name: 'other', permissions: ['a:b'] }, 2000)
    await roles.put({ name: 'other', permissions: [] }, 2000)
    assert.equal((await users.find(both.id))?.rolesVersion, 2)
  }),

  storeCase('a role made anew has none of its former permissions and users', async (stores) => {
    const { roles, users } = stores
    await roles.put(editor, 2000)
    await users.create(ada)
    await roles.delete('editor', 2000)
    await roles.put({ name: 'editor', permissions: [] }, 2000)
    assert.deepEqual(await roles.find('editor'), { name: 'editor', permissions: [] })
    assert.deepEqual((await users.find(ada.id))?.roles, [])
  }),

  storeCase('a role that is not there is not deleted', async ({ roles }) => {
    assert.equal(await roles.delete('ghost', 2000), false)
  }),

  storeCase('of many who delete one role, one does', async ({ roles }) => {
    await roles.put(editor, 2000)
    assert.equal(count(await atOnce(() => roles.delete('editor', 2000)), true), 1)
  }),

  storeCase('the role admin is not deleted', async ({ roles, users }) => {
    const admin = sampleUser('root', { roles: ['admin'] })
    await users.create(admin)
    assert.equal(await roles.delete('admin', 2000), false)
    assert.deepEqual(await users.find(admin.id), admin)
  }),

  storeCase('permissions of roles add up, ascending, without repeats', async ({ roles }) => {
    await roles.put(editor, 2000)
    await roles.put({ name: 'critic', permissions: ['comments:write', 'posts:read'] }, 2000)
    assert.deepEqual(await roles.permissionsOf(['editor', 'ghost', 'critic', 'editor']), [
      'comments:write',
      'posts:read',
      'posts:write',
    ])
  }),

  storeCase('no role and unknown roles give nothing', async ({ roles }) => {
    assert.deepEqual(await roles.permissionsOf([]), [])
    assert.deepEqual(await roles.permissionsOf(['ghost', "' OR 1=1 --", 'a\0', '\uD800']), [])
  }),
]
