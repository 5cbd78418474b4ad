import type { CallAuthority } from './authority.ts'

/** A browser on a page of the authority's own site: it keeps cookies and sends them along. */
export interface Browser {
  readonly call: CallAuthority
  /** By name. */
  readonly cookies: ReadonlyMap<string, string>
  /** What it would send as `Cookie` now. */
  cookieHeader(): string
}

export const refreshCookieName = '__Host-refresh_token'

export function openBrowser(call: CallAuthority): Browser {
  const cookies = new Map<string, string>()
  const cookieHeader = () => [...cookies].map((pair) => pair.join('=')).join('; ')
  return {
    cookies,
    cookieHeader,
    async call(line, { headers, ...rest } = {}) {
      const own = cookies.size > 0 ? { cookie: cookieHeader() } : {}
      const answer = await call(line, {
        ...rest,
        headers: { 'sec-fetch-site': 'same-origin', ...own, ...headers },
      })
      for (const cookie of answer.cookies) keep(cookies, cookie)
      return answer
    },
  }
}

function keep(cookies: Map<string, string>, header: string): void {
  const [pair = '', ...attributes] = header.split('; ')
  const at = pair.indexOf('=')
  const name = pair.slice(0, at)
  if (attributes.includes('Max-Age=0')) cookies.delete(name)
  else cookies.set(name, pair.slice(at + 1))
}
