import type { RequestHandler, Response } from 'express'
import { authenticateRequest } from './guard/authenticate-request.ts'
import { authorizeRequest } from './guard/authorize-request.ts'
import { GuardError } from './guard/guard-error.ts'
import { checkGuardOptions, type GuardOptions } from './guard/guard-options.ts'
import { authorizationOf } from './guard/node-authorization.ts'
import { openVerifier, type VerifierSource } from './guard/open-verifier.ts'
import { problemAnswer } from './guard/problem.ts'
import { parseRequirement, type Requirement } from './guard/requirement.ts'
import { settle } from './guard/settle.ts'
import type { AccessToken } from './token/access-token.ts'

export { type AccessToken, GuardError, type GuardOptions, type Requirement, type VerifierSource }

declare global {
  namespace Express {
    interface Request {
      /** Set by `authenticate()`. Only there in handlers behind it. */
      auth: AccessToken
    }
  }
}

/**
 * Lets requests with a good access token pass, and puts its claims into `req.auth`.
 *
 * @throws {TypeError} Names every option that is wrong.
 */
export function authenticate(source: VerifierSource, options?: GuardOptions): RequestHandler {
  const verifier = openVerifier(source)
  const { realm, onError, revocation: policy } = checkGuardOptions(options)
  const guard = { verifier, realm, policy }
  return (req, res, next) =>
    settle(
      () => authenticateRequest(guard, { method: req.method, authorization: authorizationOf(req) }),
      (token) => {
        req.auth = token
        next()
      },
      (error) => refuse(res, error, { onError, next }),
    )
}

/**
 * Lets requests pass whose access token meets a requirement. Comes after `authenticate()`.
 *
 * @throws {TypeError} The requirement or an option is wrong.
 */
export function authorize(requirement: Requirement, options?: GuardOptions): RequestHandler {
  const rule = parseRequirement(requirement)
  const { realm, onError } = checkGuardOptions(options)
  return (req, res, next) =>
    settle(
      () => authorizeRequest({ rule, realm }, req.auth),
      () => next(),
      (error) => refuse(res, error, { onError, next }),
    )
}

function refuse(
  res: Response,
  error: unknown,
  { onError, next }: Required<Pick<GuardOptions, 'onError'>> & { next: (error: unknown) => void },
): void {
  if (onError === 'forward' || !(error instanceof GuardError)) {
    next(error)
    return
  }
  const { status, headers, body } = problemAnswer(error)
  res.writeHead(status, headers).end(body)
}
