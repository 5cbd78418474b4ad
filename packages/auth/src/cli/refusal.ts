import { AuthError } from '../base/errors.ts'

/** A command will not do what it was asked. The message is one sentence for its user. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** What a command names, and is not there. */
export function notFound(message: string): Refusal {
  return new Refusal(`${message} (NOT_FOUND)`)
}

/** For `catch`: says in the command's own words that something is not there. */
export function wordNotFound(message: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof AuthError && error.code === 'NOT_FOUND' ? notFound(message) : error
  }
}
