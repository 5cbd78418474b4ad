import { listAuditEvents } from '../features/admin-audit/admin-audit.ts'
import {
  changeClient,
  createClient,
  listClients,
  removeClient,
  rotateSecret,
} from '../features/admin-clients/admin-clients.ts'
import { listKeys, revokeKey, rotateKeys } from '../features/admin-keys/admin-keys.ts'
import { changeRole, listRoles, removeRole, showRole } from '../features/admin-roles/admin-roles.ts'
import { endUserSessions, listUserSessions } from '../features/admin-users/admin-sessions.ts'
import {
  changeUserEndpoint,
  listUsers,
  removeUser,
  showUser,
} from '../features/admin-users/admin-users.ts'
import { revokeUser } from '../features/admin-users/revoke-user.ts'
import type { Settings } from '../features/deps.ts'
import { disownSessionEndpoint } from '../features/disown-session/disown-session.ts'
import { documentation } from '../features/documentation/documentation.ts'
import { changeEmail, confirmEmailChangeEndpoint } from '../features/email/email-change.ts'
import { requestVerification, verifyEmailEndpoint } from '../features/email/email-verification.ts'
import type { Endpoint } from '../features/endpoint.ts'
import { healthz, readyz } from '../features/health/health.ts'
import { introspect } from '../features/introspect/introspect.ts'
import { login } from '../features/login/login.ts'
import { logout } from '../features/logout/logout.ts'
import { mailPages } from '../features/mail-pages/mail-pages.ts'
import { metrics } from '../features/metrics/metrics.ts'
import { changePassword } from '../features/password-change/password-change.ts'
import { forgotPassword, resetPasswordEndpoint } from '../features/password-reset/password-reset.ts'
import { changeProfile, deleteProfile, showProfile } from '../features/profile/profile.ts'
import { refresh } from '../features/refresh/refresh.ts'
import { register } from '../features/register/register.ts'
import { revocationFeed, revocationSnapshot } from '../features/revocations/revocations.ts'
import { revoke } from '../features/revoke/revoke.ts'
import { endSession, endSessions, listSessions } from '../features/sessions/sessions.ts'
import { pollEvents } from '../features/ssf/poll-events.ts'
import { ssfConfiguration } from '../features/ssf/ssf-configuration.ts'
import {
  changeStreamStatus,
  showStreamStatus,
  verifyStream,
} from '../features/ssf/stream-status.ts'
import {
  changeEventStream,
  createEventStream,
  removeEventStream,
  replaceEventStream,
  showEventStream,
} from '../features/ssf/streams.ts'
import { statusList, statusListUris } from '../features/status-lists/status-lists.ts'
import { token } from '../features/token/token.ts'
import { jwks, serverMetadata } from '../features/well-known/well-known.ts'
import { openApiDocument } from '../http/openapi.ts'
import { version } from './version.ts'

/** Everything that owns a URL. What is not listed here is not served. */
const features: readonly Endpoint[] = [
  register,
  login,
  refresh,
  logout,
  showProfile,
  changeProfile,
  deleteProfile,
  changePassword,
  forgotPassword,
  resetPasswordEndpoint,
  changeEmail,
  confirmEmailChangeEndpoint,
  disownSessionEndpoint,
  ...mailPages,
  listSessions,
  endSession,
  endSessions,
  listUsers,
  showUser,
  changeUserEndpoint,
  removeUser,
  listUserSessions,
  endUserSessions,
  revokeUser,
  listRoles,
  showRole,
  changeRole,
  removeRole,
  listAuditEvents,
  listKeys,
  rotateKeys,
  revokeKey,
  listClients,
  createClient,
  changeClient,
  rotateSecret,
  removeClient,
  token,
  introspect,
  revoke,
  revocationFeed,
  revocationSnapshot,
  jwks,
  serverMetadata,
  healthz,
  readyz,
]

/** What is served when an option asks for it. */
const statusListFeatures: readonly Endpoint[] = [statusListUris, statusList]

const verificationFeatures: readonly Endpoint[] = [requestVerification, verifyEmailEndpoint]

const securityEventFeatures: readonly Endpoint[] = [
  ssfConfiguration,
  createEventStream,
  showEventStream,
  changeEventStream,
  replaceEventStream,
  removeEventStream,
  showStreamStatus,
  changeStreamStatus,
  verifyStream,
  pollEvents,
]

function featuresFor(settings: Settings): readonly Endpoint[] {
  return [
    ...features,
    ...(settings.emailVerification === 'off' ? [] : verificationFeatures),
    ...(settings.statusList ? statusListFeatures : []),
    ...(settings.securityEvents ? securityEventFeatures : []),
    ...(settings.metricsToken === null ? [] : [metrics]),
  ]
}

/** The OpenAPI document of all of them. */
function describeFeatures(settings: Settings): object {
  const { basePath, issuer } = settings
  return openApiDocument(featuresFor(settings), { basePath, serverUrl: issuer, version })
}

/** The endpoints these settings ask for. */
export function endpointsFor(settings: Settings): readonly Endpoint[] {
  const wanted = featuresFor(settings)
  return settings.docs ? [...wanted, ...documentation(describeFeatures(settings))] : wanted
}
