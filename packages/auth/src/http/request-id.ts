const acceptable = /^[A-Za-z0-9._-]{1,128}$/

/** The id of a request: the caller's if it is a harmless one, else the given fresh one. */
export function requestIdOf(headers: Headers, fresh: string): string {
  const given = headers.get('x-request-id')
  return given !== null && acceptable.test(given) ? given : fresh
}
