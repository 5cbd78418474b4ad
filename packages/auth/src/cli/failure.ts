import { CommanderError } from 'commander'
import { AuthError } from '../base/errors.ts'
import { StartupError } from '../base/startup-error.ts'
import { printable } from './printable.ts'
import { Refusal } from './refusal.ts'

/** What a command that did not end well says and ends with. */
export interface Failure {
  /** One line for each problem. */
  readonly lines: readonly string[]
  /** 0: nothing is wrong. 1: refused or failed. 2: called in a wrong way. */
  readonly exitCode: 0 | 1 | 2
}

/** Words an error for whoever called a command. Never a stack trace. */
export function describeFailure(error: unknown): Failure {
  // What is wrong with a call is on the screen already.
  if (error instanceof CommanderError) return { lines: [], exitCode: error.exitCode === 0 ? 0 : 2 }
  return { lines: problemsOf(error).map((problem) => `error: ${printable(problem)}`), exitCode: 1 }
}

function problemsOf(error: unknown): readonly string[] {
  if (error instanceof StartupError) return error.problems
  if (error instanceof Refusal) return [error.message]
  if (error instanceof AuthError) return [`${explain(error)} (${error.code})`]
  const message = error instanceof Error ? error.message : String(error)
  return [`Something went wrong: ${message}`]
}

// The detail is for operators, and whoever can run this is one.
function explain({ code, message, detail, errors = [] }: AuthError): string {
  const problems = errors.map((problem) =>
    problem.path === 'password' ? problem.message : `${problem.path}: ${problem.message}`,
  )
  const isAboutRequest = code === 'VALIDATION_FAILED' && problems.length > 0
  return [
    ...(isAboutRequest ? [] : [message]),
    ...problems,
    ...(detail === undefined ? [] : [sentence(detail)]),
  ].join(' ')
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
