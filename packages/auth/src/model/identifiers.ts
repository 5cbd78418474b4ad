import { domainToASCII } from 'node:url'

/** An address mail can be sent to, and the spelling by which it is unique. */
export interface EmailAddress {
  /** As written, trimmed. */
  readonly email: string
  /** Local part in lower case, domain in lower-case punycode. */
  readonly emailKey: string
}

/** What a user signs in with, in the one spelling under which it is stored. */
export interface Identifier {
  readonly kind: 'email' | 'username'
  readonly key: string
}

// RFC 5321 §4.5.3.1, in octets. A path is the address in angle brackets.
const maxLocalPart = 64
const maxPath = 256

// dot-atom of RFC 5322 §3.2.3: no quotes, comments, routes, spaces or control characters.
const localPart = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/
// Letters, marks, digits, hyphen, dot: what IDNA may map. Shields `domainToASCII`, which reads
// a URL's host and would also decode `%41`.
const writtenDomain = /^[\p{L}\p{M}\p{Nd}.-]+$/u
// RFC 1034 §3.5 with RFC 1123 §2.1.
const domainLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const topLevelDomain = /[a-z]/

/**
 * Reads one e-mail address, strictly.
 *
 * Refused: what is not a plain `local@domain.tld`, local parts outside ASCII, domains that are
 * IP addresses or have one label, and text whose NFKC form differs: a look-alike must not be
 * mapped onto somebody's address. Does not know whether the address exists.
 */
export function parseEmail(text: string): EmailAddress | null {
  const email = text.trim()
  if (email.length > maxPath || email.normalize('NFKC') !== email) return null
  const at = email.lastIndexOf('@')
  const local = email.slice(0, Math.max(at, 0))
  const domain = parseDomain(email.slice(at + 1))
  if (!domain || local.length > maxLocalPart || !localPart.test(local)) return null
  const emailKey = `${local.toLowerCase()}@${domain}`
  return emailKey.length <= maxPath - '<>'.length ? { email, emailKey } : null
}

function parseDomain(text: string): string | null {
  if (!writtenDomain.test(text)) return null
  const domain = domainToASCII(text)
  const labels = domain.split('.')
  const isValid =
    labels.length >= 2 &&
    labels.every((label) => domainLabel.test(label)) &&
    topLevelDomain.test(labels.at(-1) ?? '')
  return isValid ? domain : null
}

/** @returns The username in lower case, or `null` if it is not 3 to 32 of `a-z 0-9 . _ -`. */
export function parseUsername(text: string): string | null {
  const username = text.trim()
  // Checked before lower-casing, which turns some letters outside ASCII into ASCII ones.
  return /^[A-Za-z0-9._-]{3,32}$/.test(username) ? username.toLowerCase() : null
}

/** Reads what a user signs in with: an e-mail address if it holds an `@`, else a username. */
export function parseIdentifier(text: string): Identifier | null {
  if (text.includes('@')) {
    const address = parseEmail(text)
    return address && { kind: 'email', key: address.emailKey }
  }
  const username = parseUsername(text)
  return username === null ? null : { kind: 'username', key: username }
}

/**
 * Under what attempts to sign in are counted where the caller can see it: one for all
 * spellings of an identifier, and made without looking whether anyone has it.
 */
export function accountKey({ kind, key }: Identifier): string {
  return `${kind}:${key}`
}
