import { createHmac } from 'node:crypto'
import { isEqualConstantTime } from '../base/constant-time.ts'
import { fromBase64Url, toBase64Url } from '../base/encoding.ts'
import type { ApplicationSecrets, SecretKeys } from '../crypto/secrets.ts'
import type { Random } from '../ports/random.ts'

const idBytes = 16

/**
 * Makes the value of a device cookie: it says that this user has signed in from this device.
 * It opens nothing; attempts from a known device are only counted apart.
 *
 * @returns `id.tag`: 16 random bytes and an HMAC-SHA256 over them and the user, in base64url.
 */
export function issueDevice(
  { random, secrets }: { random: Random; secrets: ApplicationSecrets },
  { userId }: { userId: string },
): string {
  const id = toBase64Url(random.bytes(idBytes))
  return `${id}.${toBase64Url(deviceTag(secrets.current, { id, userId }))}`
}

/**
 * The id of a device this user has signed in from, or `null`: a missing, foreign or forged
 * value, or one of another user. Values made with the previous secret still count.
 */
export function knownDeviceId(
  secrets: ApplicationSecrets,
  { value, userId }: { value: string | null; userId: string },
): string | null {
  const [id = '', encodedTag = '', ...rest] = value?.split('.') ?? []
  const tag = fromBase64Url(encodedTag)
  if (!tag || rest.length > 0) return null
  const isGenuine = [secrets.current, secrets.previous].some(
    (keys) => keys && isEqualConstantTime(deviceTag(keys, { id, userId }), tag),
  )
  return isGenuine ? id : null
}

function deviceTag(
  { device }: Pick<SecretKeys, 'device'>,
  { id, userId }: { id: string; userId: string },
): Uint8Array {
  return createHmac('sha256', device).update(`${id}.${userId}`).digest()
}
