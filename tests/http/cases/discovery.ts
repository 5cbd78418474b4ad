import { expect } from 'vitest'
import { issuer } from '../authority.ts'
import { refreshWith, signUp, signUpAdmin, statusOf, tokensOf } from '../people.ts'
import type { Case } from './case.ts'

interface KeySet {
  readonly keys: readonly { readonly kid: string }[]
}

const keySetLine = 'GET ~/.well-known/jwks.json'
const metadataLine = 'GET ~/.well-known/oauth-authorization-server'

export const discoveryCases: readonly Case[] = [
  {
    name: 'the key set holds public members only, and the key that tokens name',
    async run({ call }) {
      const { accessToken } = await signUp(call)
      const header = Buffer.from(accessToken.split('.', 1)[0] ?? '', 'base64url').toString()
      const { body } = await call(keySetLine)
      const { keys } = body as KeySet
      expect(keys.map(({ kid }) => kid)).toContain((JSON.parse(header) as { kid: string }).kid)
      for (const key of keys) {
        const members = Object.keys(key).toSorted()
        expect(members).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
      }
    },
  },
  {
    name: 'what is public answers 304 while it has not changed, and HEAD like GET',
    async run({ call }) {
      for (const line of [keySetLine, metadataLine]) {
        const { headers, text } = await call(line)
        const etag = String(headers.etag)
        for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
          const again = await call(line, { headers: { 'if-none-match': tags } })
          expect(again, tags).toMatchObject({ status: 304, text: '', headers: { etag } })
        }
        const changed = await call(line, { headers: { 'if-none-match': '"other"' } })
        expect(changed).toMatchObject({ status: 200, text })
        const head = await call(line.replace('GET', 'HEAD'))
        expect(head).toMatchObject({ status: 200, headers: { etag } })
      }
    },
  },
  {
    name: 'pages of any origin may read the key set, without credentials',
    async run({ call }) {
      const { headers } = await call(keySetLine, { headers: { origin: 'https://other.example' } })
      expect(headers['cross-origin-resource-policy']).toBe('cross-origin')
      expect(headers['access-control-allow-credentials']).toBeUndefined()
    },
  },
  {
    name: 'no answer follows the host a request names (lesson 17)',
    async run({ call }) {
      const expected = await call(metadataLine)
      expect(expected.body).toMatchObject({
        issuer,
        jwks_uri: `${issuer}/.well-known/jwks.json`,
      })
      const hosts = [
        { host: 'evil.example' },
        { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' },
        { forwarded: 'host=evil.example;proto=http' },
        { 'x-original-host': 'evil.example', 'x-forwarded-prefix': '/evil' },
      ]
      for (const headers of hosts) {
        const answer = await call(metadataLine, { headers })
        expect(answer.body).toEqual(expected.body)
        expect(JSON.stringify([answer.headers, answer.text])).not.toContain('evil')
      }
      const { accessToken } = tokensOf(
        await refreshWith(
          (line, sent) => call(line, { ...sent, headers: { host: 'evil.example' } }),
          (await signUp(call)).refreshToken,
        ),
      )
      const payload = Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()
      expect(JSON.parse(payload)).toMatchObject({ iss: issuer, aud: issuer })
    },
  },
  {
    name: 'a new key is published before it signs, and tokens of the old one go on (lesson 36)',
    needsOwn: true,
    async run(world) {
      const { call, clock } = world
      const { accessToken: token, refreshToken } = await signUpAdmin(world, call)
      const rotated = await call('POST /admin/keys/rotate', { token, body: {} })
      expect(rotated).toMatchObject({ status: 201, body: { key: { stage: 'upcoming' } } })
      const { kid } = (rotated.body as { key: { kid: string } }).key
      expect(((await call(keySetLine)).body as KeySet).keys.map((key) => key.kid)).toContain(kid)
      expect(await call('POST /admin/keys/rotate', { token, body: {} })).toMatchObject({
        status: 409,
        body: { code: 'ROTATION_PENDING' },
      })
      clock.advance(600)
      const next = tokensOf(await refreshWith(call, refreshToken))
      const header = Buffer.from(next.accessToken.split('.')[0] ?? '', 'base64url').toString()
      expect(JSON.parse(header)).toMatchObject({ kid })
      expect(await statusOf(call, token)).toMatchObject({ status: 200 })
      const { body } = await call('GET /admin/keys', { token })
      expect(body).toMatchObject({ keys: [{ stage: 'retired' }, { kid, stage: 'signing' }] })
    },
  },
  {
    name: 'the document and its page are served, and the page may load nothing else',
    async run({ call }) {
      const document = await call('GET /openapi.json')
      expect(document.body).toMatchObject({ openapi: '3.1.1', servers: [{ url: issuer }] })
      const page = await call('GET /docs')
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
      const policy = String(page.headers['content-security-policy'])
      expect(policy).toMatch(/style-src 'sha256-[\w+/=]{44}'; script-src 'sha256-[\w+/=]{44}'/)
      expect(policy).toContain("connect-src 'self'; base-uri 'none'; form-action 'none'")
    },
  },
]
