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
    assert.equal(await roles.put(editor), 'created')
    assert.deepEqual(await roles.find('editor'), editor)
  }),

  storeCase('a role may give nothing', async ({ roles }) => {
    await roles.put({ name: 'guest', permissions: [] })
    assert.deepEqual(await roles.find('guest'), { name: 'guest', permissions: [] })
  }),

  storeCase('where there is no role, null is found', async ({ roles }) => {
    assert.equal(await roles.find('ghost'), null)
  }),

  storeCase('roles are listed ascending by name', async ({ roles }) => {
    for (const name of ['b', 'a-1', 'a_1', 'a1']) await roles.put({ name, permissions: [] })
    const names = (await roles.list()).map(({ name }) => name)
    assert.deepEqual(names, ['a-1', 'a1', 'a_1', 'admin', 'b'])
  }),

  storeCase('putting a role again replaces its permissions', async ({ roles }) => {
    await roles.put(editor)
    const next = { name: 'editor', permissions: ['posts:delete', 'posts:read'] }
    assert.equal(await roles.put(next), 'changed')
    assert.deepEqual(await roles.find('editor'), next)
  }),

  storeCase('a change of permissions raises the token version of who has it', async (stores) => {
    const { roles, users } = stores
    await roles.put(editor)
    await users.create(ada)
    await users.create(bob)
    await roles.put({ name: 'editor', permissions: [] })
    assert.deepEqual(await users.find(ada.id), { ...ada, tokenVersion: 1 })
    assert.deepEqual(await users.find(bob.id), bob)
  }),

  storeCase('putting a role as it is changes nothing', async ({ roles, users }) => {
    await roles.put(editor)
    await users.create(ada)
    assert.equal(await roles.put(editor), 'unchanged')
    assert.deepEqual(await users.find(ada.id), ada)
  }),

  storeCase('of many who put one new role, one creates it', async ({ roles }) => {
    const results = await atOnce(() => roles.put(editor))
    assert.equal(count(results, 'created'), 1)
    assert.equal(count(results, 'unchanged'), crowd - 1)
  }),

  storeCase('many who change one role leave one of their sets', async ({ roles, users }) => {
    await roles.put(editor)
    await users.create(ada)
    const sets = Array.from({ length: crowd }, (_, index) => [`p${index}:a`, `p${index}:b`])
    await atOnce((index) => roles.put({ name: 'editor', permissions: sets[index] ?? [] }))
    const permissions = (await roles.find('editor'))?.permissions
    assert.ok(sets.some((set) => set.join() === permissions?.join()))
    assert.equal((await users.find(ada.id))?.tokenVersion, crowd)
  }),

  storeCase('a deleted role is gone, also from users, whose tokens die', async (stores) => {
    const { roles, users } = stores
    await roles.put(editor)
    await users.create(ada)
    await users.create(bob)
    assert.equal(await roles.delete('editor'), true)
    assert.equal(await roles.find('editor'), null)
    assert.deepEqual(await users.find(ada.id), { ...ada, roles: [], tokenVersion: 1 })
    assert.deepEqual(await users.find(bob.id), bob)
  }),

  storeCase('a role made anew has none of its former permissions and users', async (stores) => {
    const { roles, users } = stores
    await roles.put(editor)
    await users.create(ada)
    await roles.delete('editor')
    await roles.put({ name: 'editor', permissions: [] })
    assert.deepEqual(await roles.find('editor'), { name: 'editor', permissions: [] })
    assert.deepEqual((await users.find(ada.id))?.roles, [])
  }),

  storeCase('a role that is not there is not deleted', async ({ roles }) => {
    assert.equal(await roles.delete('ghost'), false)
  }),

  storeCase('of many who delete one role, one does', async ({ roles }) => {
    await roles.put(editor)
    assert.equal(count(await atOnce(() => roles.delete('editor')), true), 1)
  }),

  storeCase('the role admin is not deleted', async ({ roles, users }) => {
    const admin = sampleUser('root', { roles: ['admin'] })
    await users.create(admin)
    assert.equal(await roles.delete('admin'), false)
    assert.deepEqual(await users.find(admin.id), admin)
  }),

  storeCase('permissions of roles add up, ascending, without repeats', async ({ roles }) => {
    await roles.put(editor)
    await roles.put({ name: 'critic', permissions: ['comments:write', 'posts:read'] })
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
