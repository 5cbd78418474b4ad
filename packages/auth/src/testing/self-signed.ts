import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** A certificate and its key, both in PEM. */
export interface SelfSigned {
  readonly certificate: string
  readonly key: string
}

/**
 * Makes a certificate for `localhost` that vouches for itself, good until 2049.
 *
 * Version 1: it names its host by `commonName` alone, which Node takes and browsers do not.
 *
 * @param serial 1 to 127: tells certificates apart.
 * @see RFC 5280 §4.1
 */
export function selfSigned(serial: number): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(objectIdentifier('2a8648ce3d040302')) // ecdsa-with-SHA256
  const commonName = sequence(objectIdentifier('550403'), der(0x0c, Buffer.from('localhost')))
  const name = sequence(der(0x31, commonName))
  const validity = sequence(utcTime('000101000000Z'), utcTime('491231235959Z'))
  const content = sequence(
    der(0x02, Buffer.of(serial)),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = der(0x03, Buffer.of(0), sign('sha256', content, privateKey))
  return { certificate: pem(sequence(content, algorithm, signature)), key: pkcs8(privateKey) }
}

// Tags and lengths of ITU-T X.690; lengths to 65535.
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), content])
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts)

const objectIdentifier = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))

const utcTime = (text: string) => der(0x17, Buffer.from(text))

const pem = (certificate: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`

const pkcs8 = (key: KeyObject) => String(key.export({ type: 'pkcs8', format: 'pem' }))
