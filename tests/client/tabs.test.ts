import { describe, expect, test } from 'vitest'
import { ada, at, cookieJar, given, profile } from './world.ts'

describe('tabs of one browser', () => {
  test('share one cookie, one renewal at a time, and their signing out', async () => {
    const jar = cookieJar()
    const tabs = Array.from({ length: 5 }, () => given({ jar }))
    const [first] = tabs
    await first?.client.register(ada)
    expect([...jar.cookies.keys()].some((name) => name.includes('refresh_token'))).toBe(true)
    await expect
      .poll(() => tabs.map(({ client }) => client.session.current.status))
      .toEqual(Array.from({ length: 5 }, () => 'signedIn'))
    const answers = await Promise.all(tabs.map(({ client }) => profile(client)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    await first?.client.logout()
    await expect
      .poll(() => tabs.map(({ client }) => client.session.current.status))
      .toEqual(Array.from({ length: 5 }, () => 'signedOut'))
    expect([...jar.cookies.keys()].some((name) => name.includes('refresh_token'))).toBe(false)
  })

  test('reload together, and nobody is signed out', async () => {
    const jar = cookieJar()
    await given({ jar }).client.register(ada)
    const tabs = Array.from({ length: 8 }, () => given({ jar }))
    const states = await Promise.all(tabs.map(({ client }) => client.restore()))
    expect(states.map(({ status }) => status)).toEqual(states.map(() => 'signedIn'))
  })

  test('of which half loses answers stay signed in', async () => {
    const jar = cookieJar()
    await given({ jar }).client.register(ada)
    const tabs = Array.from({ length: 6 }, () => given({ jar }))
    for (const [index, { network }] of tabs.entries()) {
      let left = 4
      network.current = async (go) => {
        if (index % 2 === 0 || left-- <= 0) return go()
        // The request arrives; its answer, cookie and all, does not.
        const cookies = new Map(jar.cookies)
        await go()
        jar.cookies.clear()
        for (const [name, value] of cookies) jar.cookies.set(name, value)
        throw new TypeError('the answer was lost')
      }
    }
    for (let round = 0; round < 6; round++) {
      await Promise.all(tabs.map(({ client }) => client.restore()))
    }
    expect(tabs.map(({ client }) => client.session.current.status)).toEqual(
      tabs.map(() => 'signedIn'),
    )
  })

  test('a message that is none of ours changes nothing', async () => {
    const jar = cookieJar()
    const { client } = given({ jar })
    await client.register(ada)
    const channel = new BroadcastChannel(`countersign ${at.baseUrl}`)
    for (const data of [null, 7, 'signedOut', { type: 'renewed' }, { type: 'other' }, []]) {
      // oxlint-disable-next-line require-post-message-target-origin -- a channel is of one origin
      channel.postMessage(data)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
    channel.close()
    expect((await profile(client)).status).toBe(200)
  })
})
