import type { FastifyReply, FastifyRequest } from 'fastify'
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

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `authenticate()`. Only there in handlers behind it. */
    auth: AccessToken
  }
}

/** A hook for `onRequest`, `preHandler` and the like, for all routes or one. */
export type GuardHook = (
  request: FastifyRequest,
  reply: FastifyReply,
  done: (error?: Error) => void,
) => void

/**
 * Lets requests with a good access token pass, and puts its claims into `request.auth`.
 *
 * @throws {TypeError} Names every option that is wrong.
 */
export function authenticate(source: VerifierSource, options?: GuardOptions): GuardHook {
  const verifier = openVerifier(source)
  const { realm, onError, revocation: policy } = checkGuardOptions(options)
  const guard = { verifier, realm, policy }
  return (request, reply, done) => {
    const answerTo = (error: unknown): void => refuse(reply, error, { onError, done })
    const later = settle(
      () =>
        authenticateRequest(guard, {
          method: request.method,
          authorization: authorizationOf(request.raw),
        }),
      (token) => {
        request.auth = token
        done()
      },
      answerTo,
    )
    // Not returned: Fastify would go on when it settles, although the request was refused.
    later?.catch(answerTo)
  }
}

/**
 * Lets requests pass whose access token meets a requirement. Comes after `authenticate()`.
 *
 * @throws {TypeError} The requirement or an option is wrong.
 */
export function authorize(requirement: Requirement, options?: GuardOptions): GuardHook {
  const rule = parseRequirement(requirement)
  const { realm, onError } = checkGuardOptions(options)
  return (request, reply, done) =>
    void settle(
      () => authorizeRequest({ rule, realm }, request.auth),
      () => done(),
      (error) => refuse(reply, error, { onError, done }),
    )
}

function refuse(
  reply: FastifyReply,
  error: unknown,
  { onError, done }: Required<Pick<GuardOptions, 'onError'>> & { done: (error: Error) => void },
): void {
  if (onError === 'forward' || !(error instanceof GuardError)) {
    done(error instanceof Error ? error : new Error('The verifier failed.', { cause: error }))
    return
  }
  const { status, headers, body } = problemAnswer(error)
  reply.code(status).headers(headers).send(body)
}
