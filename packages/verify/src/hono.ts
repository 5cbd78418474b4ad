import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { authenticateRequest } from './guard/authenticate-request.ts'
import { authorizeRequest } from './guard/authorize-request.ts'
import { GuardError } from './guard/guard-error.ts'
import { checkGuardOptions, type GuardOptions } from './guard/guard-options.ts'
import { openVerifier, type VerifierSource } from './guard/open-verifier.ts'
import { problemAnswer } from './guard/problem.ts'
import { parseRequirement, type Requirement } from './guard/requirement.ts'
import type { AccessToken } from './token/access-token.ts'

export { type AccessToken, GuardError, type GuardOptions, type Requirement, type VerifierSource }

/** For `new Hono<AuthEnv>()`: types `c.var.auth` in handlers behind `authenticate()`. */
export interface AuthEnv {
  Variables: { auth: AccessToken }
}

/**
 * Lets requests with a good access token pass, and puts its claims into `c.var.auth`.
 *
 * @throws {TypeError} Names every option that is wrong.
 */
export function authenticate(
  source: VerifierSource,
  options?: GuardOptions,
): MiddlewareHandler<AuthEnv> {
  const verifier = openVerifier(source)
  const { realm, onError, revocation: policy } = checkGuardOptions(options)
  const guard = { verifier, realm, policy }
  return async (c, next) => {
    try {
      const header = c.req.header('Authorization')
      const authorization = header === undefined ? [] : [header]
      const result = authenticateRequest(guard, { method: c.req.method, authorization })
      c.set('auth', result instanceof Promise ? await result : result)
    } catch (error) {
      return refuse(error, onError)
    }
    return next()
  }
}

/**
 * Lets requests pass whose access token meets a requirement. Comes after `authenticate()`.
 *
 * @throws {TypeError} The requirement or an option is wrong.
 */
export function authorize(
  requirement: Requirement,
  options?: GuardOptions,
): MiddlewareHandler<AuthEnv> {
  const rule = parseRequirement(requirement)
  const { realm, onError } = checkGuardOptions(options)
  return async (c, next) => {
    try {
      authorizeRequest({ rule, realm }, c.get('auth'))
    } catch (error) {
      return refuse(error, onError)
    }
    return next()
  }
}

/** Answers, or throws an `HTTPException` whose `cause` is the `GuardError`. */
function refuse(error: unknown, onError: GuardOptions['onError']): Response {
  if (!(error instanceof GuardError)) throw error
  const { status, headers, body } = problemAnswer(error)
  const response = new Response(body, { status, headers })
  if (onError !== 'forward') return response
  throw new HTTPException(status, { res: response, message: error.message, cause: error })
}
