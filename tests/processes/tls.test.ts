import { writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TLSSocket } from 'node:tls'
import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import { type SelfSigned, selfSigned } from '../../packages/auth/src/testing/self-signed.ts'
import { call } from './client.ts'
import { createSandbox, type Environment, logged, type Server } from './sandbox.ts'

const sandbox = createSandbox()
/** A certificate and its key in files, and a server that uses them. */
interface Files {
  readonly environment: Environment
  readonly certFile: string
  readonly keyFile: string
}

function write(name: string, { certificate, key }: SelfSigned): Files {
  const certFile = join(sandbox.folder, `${name}-cert.pem`)
  const keyFile = join(sandbox.folder, `${name}-key.pem`)
  writeFileSync(certFile, certificate)
  writeFileSync(keyFile, key)
  const tls = { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, ISSUER: 'https://localhost' }
  return { certFile, keyFile, environment: { ...tls, DATABASE_URL: 'sqlite::memory:' } }
}

interface TlsAnswer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Of the certificate that was shown. */
  readonly serial: string
}

/** Calls a server whose certificate must be this one, over a connection of its own. */
function callTls(
  { url }: Server,
  { certificate }: SelfSigned,
  { path, body }: { path: string; body?: object },
): Promise<TlsAnswer> {
  const options = {
    host: '127.0.0.1',
    servername: 'localhost',
    port: new URL(url).port,
    path,
    ca: certificate,
    agent: false,
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json' },
  }
  return new Promise((resolve, reject) => {
    const sent = request(options, (answer) => {
      const { statusCode: status, headers } = answer
      const serial = (answer.socket as TLSSocket).getPeerCertificate().serialNumber
      text(answer).then((body) => resolve({ status, headers, body, serial }), reject)
    })
    sent.on('error', reject)
    sent.end(body && JSON.stringify(body))
  })
}

test.concurrent('with a certificate everything is https: cookies, issuer, and browsers are told so', async () => {
  const certificate = selfSigned(1)
  const { environment } = write('good', certificate)
  const server = await sandbox.serve(environment)
  const credentials = { email: 'ada@example.com', password: 'correct horse battery' }
  const registration = { path: '/api/auth/register', body: credentials }
  const { status, headers, body } = await callTls(server, certificate, registration)
  expect(status).toBe(201)
  expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}/)
  for (const cookie of headers['set-cookie'] ?? []) {
    expect(cookie).toMatch(/^__Host-\w+=[^;]+; Path=\/; .*HttpOnly; SameSite=Strict; Secure$/)
  }
  expect(headers['set-cookie']).toHaveLength(2)
  const { accessToken } = JSON.parse(body) as { accessToken: string }
  expect(decodeJwt(accessToken).iss).toBe('https://localhost')
  await expect(call(server, '/healthz')).rejects.toThrow('fetch failed')
})

test.concurrent('a renewed certificate is taken up without a restart, and one without its key is not', async () => {
  const [first, second] = [selfSigned(1), selfSigned(2)]
  const { environment, certFile, keyFile } = write('renewed', first)
  const server = await sandbox.serve(environment)
  const health = { path: '/healthz' }
  expect(await callTls(server, first, health)).toMatchObject({ status: 200, serial: '01' })

  writeFileSync(certFile, second.certificate)
  await logged(server, ({ event }) => event === 'tls.reload_failed')
  expect(await callTls(server, first, health)).toMatchObject({ status: 200, serial: '01' })

  writeFileSync(keyFile, second.key)
  await logged(server, ({ event }) => event === 'tls.reloaded')
  expect(await callTls(server, second, health)).toMatchObject({ status: 200, serial: '02' })
})

test.concurrent.each([
  [
    'the key of another certificate',
    { certificate: selfSigned(1).certificate, key: selfSigned(2).key },
    /^error: The certificate .+cert\.pem and the key .+ its own key, both in PEM\.\n$/,
  ],
  [
    'a file that is no certificate',
    { ...selfSigned(1), certificate: 'hush-hush' },
    /^error: The certificate .+cert\.pem and the key .+ both in PEM\.\n$/,
  ],
])('refused in one line: %s', async (what, pair, says) => {
  const { environment } = write(what.replaceAll(' ', '-'), pair)
  const { code, stdout, stderr } = await sandbox.run({ environment })
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(says) })
  expect(stdout + stderr).not.toMatch(/hush-hush|BEGIN/)
})

test.concurrent('refused in one line: a certificate that is not there', async () => {
  const { environment } = write('lost', selfSigned(1))
  const TLS_CERT_FILE = join(sandbox.folder, 'nowhere.pem')
  const { code, stderr } = await sandbox.run({ environment: { ...environment, TLS_CERT_FILE } })
  expect(code).toBe(1)
  expect(stderr).toBe(`error: TLS_CERT_FILE: there is no file ${TLS_CERT_FILE}.\n`)
})

test.concurrent('refused in one line: an issuer over http beside a certificate', async () => {
  const { environment } = write('http', selfSigned(1))
  const ISSUER = 'http://localhost:4000'
  const { code, stderr } = await sandbox.run({ environment: { ...environment, ISSUER } })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: With TLS_CERT_FILE this server speaks https.+Set ISSUER[^\n]+\n$/)
})
