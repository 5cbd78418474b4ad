import { expect, test } from 'vitest'
import { StartupError } from '../base/startup-error.ts'
import { createAuth } from './create-auth.ts'

const options = { database: 'sqlite::memory:' } as const

test('in production an app has to say where it is reached', async () => {
  const starting = createAuth({ ...options, production: true })
  await expect(starting).rejects.toThrow(StartupError)
  await expect(starting).rejects.toThrow('issuer is needed in production')
})

test.each([{ production: true, issuer: 'https://auth.example.com' }, { production: false }])(
  'with %j it starts',
  async (more) => {
    const auth = await createAuth({ ...options, ...more })
    expect(auth.issuer).toMatch(/^https?:/)
    await auth.close()
  },
)
