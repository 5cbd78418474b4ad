import { parseEmail } from '../model/identifiers.ts'

/** Whether a text is the address of a mail server. */
export function isSmtpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, pathname, search, hash } = new URL(text)
  const isBare = (pathname === '' || pathname === '/') && search === '' && hash === ''
  return (protocol === 'smtp:' || protocol === 'smtps:') && hostname !== '' && isBare
}

/** Whether a text is an address, or a name and an address in angle brackets. */
export function isSender(text: string): boolean {
  const [, named] = /^[^<>\r\n"]{1,100} <([^<>]+)>$/.exec(text) ?? []
  return parseEmail(named ?? text) !== null
}
