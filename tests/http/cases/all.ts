import { adminLimitCases } from './admin-limits.ts'
import { administrationCases } from './administration.ts'
import { auditCases } from './audit.ts'
import type { Case } from './case.ts'
import { discoveryCases } from './discovery.ts'
import { endingCases } from './endings.ts'
import { loginCases } from './login.ts'
import { logoutCases } from './logout.ts'
import { profileCases } from './profile.ts'
import { refreshCases } from './refresh.ts'
import { registerCases } from './register.ts'
import { requestCases } from './requests.ts'
import { sessionCases } from './sessions.ts'

/** Everything an authority promises over HTTP. */
export const cases: readonly Case[] = [
  ...registerCases,
  ...loginCases,
  ...refreshCases,
  ...logoutCases,
  ...sessionCases,
  ...endingCases,
  ...profileCases,
  ...administrationCases,
  ...adminLimitCases,
  ...auditCases,
  ...discoveryCases,
  ...requestCases,
]
