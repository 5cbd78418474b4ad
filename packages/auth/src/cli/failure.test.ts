import { CommanderError } from 'commander'
import { expect, test } from 'vitest'
import { AuthError } from '../base/errors.ts'
import { StartupError } from '../base/startup-error.ts'
import { describeFailure } from './failure.ts'
import { notFound } from './refusal.ts'

test('help that was asked for is no failure', () => {
  expect(describeFailure(new CommanderError(0, 'commander.helpDisplayed', ''))).toEqual({
    lines: [],
    exitCode: 0,
  })
})

test('a wrong call ends with 2, and was worded already', () => {
  expect(describeFailure(new CommanderError(1, 'commander.unknownOption', 'x'))).toEqual({
    lines: [],
    exitCode: 2,
  })
})

test.each([
  ['every problem of a start', new StartupError(['One.', 'Two.']), ['error: One.', 'error: Two.']],
  [
    'what is not there',
    notFound('There is no user x.'),
    ['error: There is no user x. (NOT_FOUND)'],
  ],
  [
    'a refusal by its title and code',
    new AuthError('LAST_ADMIN'),
    ['error: This is the last active administrator. (LAST_ADMIN)'],
  ],
  [
    'a refusal with what only operators learn',
    new AuthError('FORBIDDEN', { detail: 'the role admin cannot be deleted' }),
    ['error: You are not allowed to do this. The role admin cannot be deleted. (FORBIDDEN)'],
  ],
  [
    'every reason against a password',
    new AuthError('PASSWORD_REJECTED', {
      errors: [
        { path: 'password', code: 'A', message: 'Too short.' },
        { path: 'password', code: 'B', message: 'Too plain.' },
      ],
    }),
    ['error: This password cannot be used. Too short. Too plain. (PASSWORD_REJECTED)'],
  ],
  [
    'every member that is wrong',
    new AuthError('VALIDATION_FAILED', {
      errors: [{ path: 'email', code: 'INVALID', message: 'No address.' }],
    }),
    ['error: email: No address. (VALIDATION_FAILED)'],
  ],
  ['a surprise without its stack', new Error('boom'), ['error: Something went wrong: boom']],
  [
    'line breaks on one line',
    notFound('There is no user a\nb.'),
    ['error: There is no user a\u{FFFD}b. (NOT_FOUND)'],
  ],
])('said on standard error: %s', (_what, error, lines) => {
  expect(describeFailure(error)).toEqual({ lines, exitCode: 1 })
})
