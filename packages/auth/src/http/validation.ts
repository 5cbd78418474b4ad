import { z } from 'zod'
import { AuthError, type FieldError } from '../base/errors.ts'

/** Problems listed in one answer, at most. */
const maxFieldErrors = 20

// C0 and C1 control characters, tab and line breaks too, never belong in a line.
// eslint-disable-next-line no-control-regex
const controlCharacters = /[\u0000-\u001f\u007f-\u009f]/u

/**
 * A line of text from a caller: well-formed Unicode without control characters.
 * Lengths are in UTF-16 units. Not trimmed.
 */
export function text(limits: { min?: number; max: number }): z.ZodString {
  return z
    .string()
    .min(limits.min ?? 1)
    .max(limits.max)
    .refine((value) => value.isWellFormed() && !controlCharacters.test(value), {
      error: 'Control characters and unpaired surrogates are not allowed.',
    })
}

/**
 * A secret from a caller, such as a password: any text up to a length. What is wrong with
 * it is for its own rules to say, so that it can be answered with their code.
 */
export function secretText(max: number): z.ZodString {
  return z.string().max(max)
}

/**
 * Checks one part of a request.
 *
 * @returns The parsed value; `undefined` when the endpoint takes no such part.
 * @throws {AuthError} `VALIDATION_FAILED` with every problem, none of which repeats a value.
 */
export function parseMember(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  const errors = result.error.issues.flatMap(toFieldErrors).slice(0, maxFieldErrors)
  throw new AuthError('VALIDATION_FAILED', { errors })
}

function toFieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String).join('.')
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [path, key.slice(0, 64)].filter(Boolean).join('.'),
        code: 'UNKNOWN_MEMBER',
        message: 'This member is not known here.',
      }))
    case 'invalid_type':
      return issue.input === undefined
        ? [{ path, code: 'REQUIRED', message: 'This member is required.' }]
        : [{ path, code: 'WRONG_TYPE', message: `This must be of type ${issue.expected}.` }]
    case 'too_big':
      return [{ path, code: 'TOO_LONG', message: `At most ${issue.maximum}.` }]
    case 'too_small':
      return [{ path, code: 'TOO_SHORT', message: `At least ${issue.minimum}.` }]
    case 'invalid_value':
      return [{ path, code: 'INVALID', message: `One of: ${issue.values.join(', ')}.` }]
    case 'custom':
      return [{ path, code: 'INVALID', message: issue.message }]
    default:
      return [{ path, code: 'INVALID', message: 'This is not valid.' }]
  }
}
