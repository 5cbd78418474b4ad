import BetterSqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { AuthError } from '../../../base/errors.ts'
import { StartupError } from '../../../base/startup-error.ts'
import { isBusy, servingFailure, startupFailure } from './sqlite-failures.ts'

const failure = (code: string) => new BetterSqlite.SqliteError('what SQLite says', code)

const states = [
  'SQLITE_BUSY',
  'SQLITE_BUSY_RECOVERY',
  'SQLITE_LOCKED',
  'SQLITE_PROTOCOL',
  'SQLITE_READONLY',
  'SQLITE_READONLY_DIRECTORY',
  'SQLITE_FULL',
  'SQLITE_IOERR_FSYNC',
  'SQLITE_CORRUPT',
  'SQLITE_CANTOPEN',
  'SQLITE_NOTADB',
  'SQLITE_NOMEM',
  'SQLITE_PERM',
]

test.each(states)('%s while serving is UNAVAILABLE', (code) => {
  const cause = failure(code)
  const error = servingFailure(cause)
  expect(error).toBeInstanceOf(AuthError)
  expect(error).toMatchObject({ code: 'UNAVAILABLE', cause })
})

test.each(states)('%s at the start is one line that names the database', (code) => {
  const error = startupFailure(servingFailure(failure(code)), '/data/c.db')
  expect(error).toBeInstanceOf(StartupError)
  expect((error as StartupError).problems).toEqual([expect.stringMatching(/\/data\/c\.db.*\.$/)])
})

test.each(['SQLITE_CONSTRAINT_CHECK', 'SQLITE_ERROR', 'SQLITE_MISUSE', 'SQLITE_RANGE', 'ENOENT'])(
  '%s is a mistake, and stays what it is',
  (code) => {
    const error = failure(code)
    expect([servingFailure(error), startupFailure(error, 'x')]).toEqual([error, error])
  },
)

test('errors of others stay what they are', () => {
  const error = new TypeError('x')
  expect(servingFailure(error)).toBe(error)
  expect(startupFailure(error, 'x')).toBe(error)
  expect(servingFailure('text')).toBe('text')
})

test('a lock may be tried again at once, a full disk later', () => {
  expect(servingFailure(failure('SQLITE_BUSY'))).toMatchObject({ retryAfterSeconds: 1 })
  expect(servingFailure(failure('SQLITE_FULL'))).toMatchObject({ retryAfterSeconds: 30 })
})

test('only a busy database is busy', () => {
  expect(isBusy(failure('SQLITE_BUSY_SNAPSHOT'))).toBe(true)
  expect(isBusy(failure('SQLITE_LOCKED'))).toBe(false)
})
