import type { FieldError } from '../base/errors.ts'
import { isCommonPassword } from './password-common.ts'
import { normalizePassword } from './password-normal-form.ts'
import { charactersOutsideSequences, isRepetition } from './password-patterns.ts'

/** What a new password is held against. */
export interface PasswordContext {
  /** In code points, 8 to 64. */
  readonly minLength: number
  readonly email: string
  readonly username: string | null
  readonly name: string | null
  readonly siteName: string
}

/** In code points of the normal form. Keeps hashing and these rules cheap. */
const maxPasswordLength = 128

const shortestPersonalWord = 3
// So many characters must be neither personal words nor part of a sequence.
const minOwnCharacters = 5
const minOutsideSequences = 4

const messages = {
  INVALID_CHARACTERS: 'This password holds characters that cannot be typed.',
  TOO_LONG: `Use at most ${maxPasswordLength} characters.`,
  CONTAINS_PERSONAL: 'Do not build a password on your name, your address or the name of this site.',
  REPEATED: 'Do not repeat the same characters.',
  SEQUENCE: 'Do not use rows of the alphabet, of digits or of the keyboard.',
  COMMON: 'This password is one of the most common ones.',
}

/**
 * What is wrong with a new password; empty when nothing is. Of a password that is too short
 * or too long nothing else is said.
 *
 * Any mix of characters is fine: length and not being easy to guess are what counts
 * (NIST SP 800-63B-4). Looks nothing up outside this process.
 */
export function passwordProblems(password: string, context: PasswordContext): FieldError[] {
  if (isUntypable(password)) return [problem('INVALID_CHARACTERS')]
  const normal = normalizePassword(password)
  const length = codePoints(normal)
  if (length < context.minLength) return [tooShort(context.minLength)]
  if (length > maxPasswordLength) return [problem('TOO_LONG')]
  return guessableProblems(normal.toLowerCase(), context)
}

function guessableProblems(folded: string, context: PasswordContext): FieldError[] {
  const problems: FieldError[] = []
  if (isPersonal(folded, context)) problems.push(problem('CONTAINS_PERSONAL'))
  if (isRepetition(folded)) problems.push(problem('REPEATED'))
  if (charactersOutsideSequences(folded) < minOutsideSequences) problems.push(problem('SEQUENCE'))
  if (isCommonPassword(folded)) problems.push(problem('COMMON'))
  return problems
}

// NUL ends strings in other software. A lone surrogate has no UTF-8: any two would hash alike.
function isUntypable(password: string): boolean {
  return password.includes('\0') || /\p{Surrogate}/u.test(password)
}

function isPersonal(folded: string, context: PasswordContext): boolean {
  const rest = personalWords(context).reduce((text, word) => text.replaceAll(word, ''), folded)
  return rest !== folded && codePoints(rest) < minOwnCharacters
}

/** Longest first, so that an address is taken out whole before its local part is. */
function personalWords({ email, username, name, siteName }: PasswordContext): string[] {
  const localPart = email.slice(0, email.lastIndexOf('@'))
  const sources = [email, localPart, username ?? '', name ?? '', siteName]
  const words = sources.flatMap((source) => [source, ...source.split(/[\s.@_+-]+/)])
  return [...new Set(words.map((word) => normalizePassword(word).toLowerCase()))]
    .filter((word) => codePoints(word) >= shortestPersonalWord)
    .toSorted((a, b) => b.length - a.length)
}

function codePoints(text: string): number {
  return Array.from(text).length
}

function problem(code: keyof typeof messages): FieldError {
  return { path: 'password', code, message: messages[code] }
}

function tooShort(minLength: number): FieldError {
  const message = `Use at least ${minLength} characters.`
  return { path: 'password', code: 'TOO_SHORT', message }
}
