export type { Session, TokenAnswer, User } from './api/api-types.ts'
export { ClientError, type ClientOwnCode, type FieldError } from './api/client-error.ts'
export {
  type Client,
  type ClientOptions,
  type Credentials,
  createClient,
  type Registration,
} from './session/client.ts'
export type { SessionState, SessionView } from './session/session-state.ts'
export type { TokenStorage } from './session/storage.ts'
