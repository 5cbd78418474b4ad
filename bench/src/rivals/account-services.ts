import type { AccountService } from './account-service.ts'
import { betterAuth } from './better-auth.ts'
import { countersign } from './countersign.ts'
import { tutorial } from './tutorial.ts'

export const accountServices: readonly AccountService[] = [countersign, betterAuth, tutorial]
