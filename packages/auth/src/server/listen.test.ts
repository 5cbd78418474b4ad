import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLogger } from '../ports/logger.ts'
import { selfSigned } from '../testing/self-signed.ts'
import { type Listening, listen } from './listen.ts'

const auth = {
  issuer: 'https://localhost',
  handler: async () => new Response('ok'),
}

let folder: string
let listening: Listening | null
let warnings: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-tls-'))
  listening = null
  warnings = []
})

afterEach(async () => {
  await listening?.stop()
  await rm(folder, { recursive: true })
})

const at = (name: string) => join(folder, name)

/** Serves with the certificate that is in `certificate.pem` and `key.pem` now. */
async function serveTls(): Promise<void> {
  const tls = { certFile: at('certificate.pem'), keyFile: at('key.pem') }
  const log = { ...silentLogger, warn: (_: object, message: string) => warnings.push(message) }
  listening = await listen({ auth, log }, { port: 0, host: '127.0.0.1', tls })
}

/** The serial number of the certificate that a client is shown. */
function shownSerial(): Promise<number> {
  const { port = 0 } = listening?.address ?? {}
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(Number.parseInt(socket.getPeerCertificate().serialNumber, 16))
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

const expectSerial = (serial: number) =>
  expect.poll(shownSerial, { timeout: 8000, interval: 200 }).toBe(serial)

test('a certificate that comes before its key is taken up when the key is there', async () => {
  const [first, second] = [selfSigned(1), selfSigned(2)]
  await writeFile(at('certificate.pem'), first.certificate)
  await writeFile(at('key.pem'), first.key)
  await serveTls()

  await writeFile(at('certificate.pem'), second.certificate)
  await expect.poll(() => warnings, { timeout: 8000 }).toContain('certificate kept')
  await writeFile(at('key.pem'), second.key)
  await expectSerial(2)
}, 15_000)

test('a certificate renamed into place is taken up, and so is the next', async () => {
  await replaceByName(1)
  await serveTls()
  for (const serial of [2, 3]) {
    await replaceByName(serial)
    await expectSerial(serial)
  }
}, 25_000)

test('a certificate behind a link is taken up when the link moves', async () => {
  await replaceByLink(1)
  await serveTls()
  await replaceByLink(2)
  await expectSerial(2)
}, 15_000)

async function replaceByName(serial: number): Promise<void> {
  const { certificate, key } = selfSigned(serial)
  await writeFile(at('new-key'), key)
  await writeFile(at('new-certificate'), certificate)
  await rename(at('new-key'), at('key.pem'))
  await rename(at('new-certificate'), at('certificate.pem'))
}

async function replaceByLink(serial: number): Promise<void> {
  const { certificate, key } = selfSigned(serial)
  await writeFile(at(`key-${serial}`), key)
  await writeFile(at(`certificate-${serial}`), certificate)
  for (const name of ['key', 'certificate']) {
    await symlink(at(`${name}-${serial}`), at('link'))
    await rename(at('link'), at(`${name}.pem`))
  }
}
