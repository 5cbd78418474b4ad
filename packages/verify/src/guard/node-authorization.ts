import type { IncomingMessage } from 'node:http'

/**
 * The `Authorization` headers of a request of Node's.
 *
 * Node keeps the first of several and drops the others without a word; a proxy in front may
 * have looked at another one. So they are counted as they came.
 */
export function authorizationOf({
  headers: { authorization },
  rawHeaders,
}: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): readonly string[] {
  const values: string[] = []
  // Names stand at even places, each followed by its value.
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (isAuthorization(rawHeaders[index])) values.push(rawHeaders[index + 1] ?? '')
  }
  if (values.length > 1) return values
  return authorization === undefined ? [] : [authorization]
}

function isAuthorization(name: string | undefined): boolean {
  // The length first: it is cheap.
  return name?.length === 'authorization'.length && name.toLowerCase() === 'authorization'
}
