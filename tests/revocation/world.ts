import {
  createVerifier,
  type RevocationSource,
  revocationFeed,
  type Verifier,
} from '@countersign/verify'
import {
  type Authority,
  type AuthorityOptions,
  type CallAuthority,
  issuer,
  openAuthority,
} from '../http/authority.ts'
import { type Person, signUpAdmin } from '../http/people.ts'

/** An authority over HTTP, an administrator, and a verifier that follows its ledger. */
export interface World {
  readonly authority: Authority
  readonly call: CallAuthority
  readonly admin: Person
  /** Calls as the administrator. */
  asAdmin(line: string, body?: object): ReturnType<CallAuthority>
  /** Another verifier, as in a service elsewhere. */
  follow(): { verifier: Verifier; source: RevocationSource }
  readonly hubUrl: string
  readonly client: ServiceClientAnswer
  close(): Promise<void>
}

export interface ServiceClientAnswer {
  readonly clientId: string
  readonly clientSecret: string
}

export async function openWorld(options: AuthorityOptions = {}): Promise<World> {
  const authority = await openAuthority({ rateLimits: 'off', ...options })
  const call = authority.from()
  const admin = await signUpAdmin(authority, call)
  const asAdmin = (line: string, body?: object) =>
    call(line, { token: admin.accessToken, ...(body && { body }) })
  const scopes = ['revocations:read', 'tokens:introspect']
  const made = await asAdmin('POST /admin/clients', { name: 'orders', scopes })
  const client = made.body as ServiceClientAnswer
  const hubUrl = `http://127.0.0.1:${authority.port}/api/auth`
  const sources: RevocationSource[] = []
  return {
    authority,
    call,
    admin,
    asAdmin,
    hubUrl,
    client,
    follow() {
      const { clientId, clientSecret } = client
      const source = revocationFeed({ issuer, hubs: [hubUrl], clientId, clientSecret, holdMs: 100 })
      sources.push(source)
      const keys = authority.deps.keys
      const clock = authority.deps.clock
      const verifier = createVerifier({ issuer, audience: issuer, keys, clock, revocation: source })
      return { verifier, source }
    },
    async close() {
      for (const source of sources) source.close()
      await authority.close()
    },
  }
}

/** What becomes of a token on a strict route: `good`, or the code of the refusal. */
export async function fateOf(verifier: Verifier, token: string): Promise<string> {
  try {
    await verifier.verify(token, { policy: 'strict' })
    return 'good'
  } catch (error) {
    return (error as { code: string }).code
  }
}
