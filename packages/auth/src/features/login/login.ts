import { z } from 'zod'
import { auditEvent } from '../../audit/event.ts'
import { AuthError } from '../../base/errors.ts'
import type { Client } from '../../http/endpoint.ts'
import { text } from '../../http/validation.ts'
import { type Identifier, parseIdentifier } from '../../model/identifiers.ts'
import type { Stores } from '../../model/stores.ts'
import type { User } from '../../model/user.ts'
import { signIn } from '../../sessions/sign-in.ts'
import { checkPassword } from '../../users/check-password.ts'
import { rehashPassword } from '../../users/rehash-password.ts'
import type { Deps } from '../deps.ts'
import { presentedDeviceId, signingDevice } from '../device-cookie.ts'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'
import { emailField, passwordField, tokenAnswerSchema, transportField } from '../schemas.ts'
import { tokenAnswer } from '../token-answer.ts'

// What no account can be: an identifier that does not parse is counted and checked like one
// that nobody has.
const unknownIdentifier: Identifier = { kind: 'username', key: '' }

export const login: Endpoint = publicEndpoint({
  method: 'POST',
  path: '/login',
  tag: 'Accounts',
  summary: 'Signs in with e-mail address or username, and password.',
  description:
    'An unknown user, a wrong password and a locked account get the same answer after the same time.',
  body: z
    .strictObject({
      email: emailField.optional(),
      username: text({ max: 254 }).optional(),
      identifier: text({ max: 254 }).optional().meta({ description: 'Either of the two.' }),
      password: passwordField,
      transport: transportField.optional(),
    })
    .refine((body) => identifiersOf(body).length === 1, {
      path: ['identifier'],
      error: 'Exactly one of email, username and identifier is required.',
    }),
  success: [{ status: 200, description: 'Signed in.', schema: tokenAnswerSchema }],
  errors: [
    'VALIDATION_FAILED',
    'INVALID_CREDENTIALS',
    'ACCOUNT_BLOCKED',
    'EMAIL_NOT_VERIFIED',
    'ORIGIN_REFUSED',
    'RATE_LIMITED',
    'UNAVAILABLE',
  ],

  async handle(deps, { headers, client, body }) {
    const identifier = parseIdentifier(identifiersOf(body)[0] ?? '') ?? unknownIdentifier
    const found = await findUser(deps.stores, identifier)
    const { isRight, isOutdated } = await checkPassword(deps, {
      identifier,
      user: found,
      password: body.password,
      network: client.network,
      deviceId: found && presentedDeviceId(deps, { headers, userId: found.id }),
    })
    if (!found || !isRight) {
      await noteFailure(deps, { user: found, client, reason: 'wrong_credentials' })
      throw new AuthError('INVALID_CREDENTIALS')
    }
    // Only whoever knows the password learns this much.
    if (found.status !== 'active') {
      await noteFailure(deps, { user: found, client, reason: 'blocked' })
      throw new AuthError('ACCOUNT_BLOCKED')
    }
    if (!found.emailVerified && deps.settings.emailVerification === 'required') {
      throw new AuthError('EMAIL_NOT_VERIFIED')
    }
    if (isOutdated) await rehashPassword(deps, { user: found, password: body.password, client })

    // A sign-in that needs another step would ask for it here, before a session starts.
    const transport = body.transport ?? 'cookie'
    const from = { headers, userId: found.id, client, transport }
    const { device, cookies } = signingDevice(deps, from)
    const started = await signIn(deps, { user: found, client, device, authMethods: ['pwd'] })
    deps.log.info({ event: 'login', userId: found.id, sessionId: started.session.id }, 'signed in')
    return tokenAnswer(deps, { ...started, user: found }, { transport, withUser: true, cookies })
  },
})

/** One row in the trail, whoever it was: it takes as long for an unknown user. */
async function noteFailure(
  deps: Pick<Deps, 'clock' | 'log' | 'stores'>,
  input: { readonly user: User | null; readonly client: Client; readonly reason: string },
): Promise<void> {
  const { user, client, reason } = input
  const subject = user?.id ?? null
  deps.log.info({ event: 'login.failed', userId: user?.id, ip: client.ip }, 'login failed')
  const about = { actor: 'anonymous', subject, client, outcome: 'failure', reason } as const
  await deps.stores.audit.append(auditEvent(deps, 'login.failed', about))
}

function identifiersOf(body: {
  email?: string | undefined
  username?: string | undefined
  identifier?: string | undefined
}): string[] {
  return [body.email, body.username, body.identifier].filter((value) => value !== undefined)
}

function findUser(stores: Pick<Stores, 'users'>, { kind, key }: Identifier): Promise<User | null> {
  return kind === 'email' ? stores.users.findByEmailKey(key) : stores.users.findByUsername(key)
}
