import { z } from 'zod'
import { secretText, text } from '../http/validation.ts'

// Members that more than one body has, and answers that more than one endpoint gives.

/** An address as it comes; `parseEmail` judges it. RFC 5321 §4.5.3.1 allows 254. */
export const emailField: z.ZodType<string> = text({ max: 254 }).meta({ example: 'ada@example.com' })

export const usernameField: z.ZodType<string> = text({ min: 3, max: 32 }).meta({ example: 'ada' })

export const nameField: z.ZodType<string> = text({ max: 100 }).meta({ example: 'Ada Lovelace' })

/** A password on its way in. How long a new one may be is for the password rules to say. */
export const passwordField: z.ZodType<string> = secretText(1024).meta({ format: 'password' })

/** The secret of a mailed link. What is wrong with one is told as any wrong one is. */
export const oneTimeTokenField: z.ZodType<string> = z.string().min(1).max(256)

/** How the refresh token travels: in a cookie for browsers, in the body for programs. */
export const transportField: z.ZodType<'cookie' | 'body'> = z.enum(['cookie', 'body'])

/** Long enough for other servers' tokens too: what is wrong with one is answered as 401, not 400. */
export const refreshTokenField: z.ZodType<string> = z.string().min(1).max(8192)

/** Name of a role: a letter, then up to 63 of `[a-z0-9_-]`. */
export const roleNameField: z.ZodType<string> = z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/)

/** Name of a permission, such as `orders:read`. */
export const permissionField: z.ZodType<string> = z.string().regex(/^[a-z0-9_.:-]{1,64}$/)

export const roleSchema: z.ZodType = z
  .object({ name: z.string(), permissions: z.array(z.string()) })
  .meta({ id: 'Role' })

const isoTime = z.string().meta({ format: 'date-time' })

export const userSchema: z.ZodType = z
  .object({
    id: z.string(),
    email: z.string(),
    emailVerified: z.boolean(),
    username: z.string().optional(),
    name: z.string().optional(),
    roles: z.array(z.string()),
    createdAt: isoTime,
    updatedAt: isoTime,
  })
  .meta({ id: 'User' })

/** A user as administrators see it. */
export const adminUserSchema: z.ZodType = z
  .object({
    id: z.string(),
    email: z.string(),
    emailVerified: z.boolean(),
    username: z.string().optional(),
    name: z.string().optional(),
    roles: z.array(z.string()),
    status: z.enum(['active', 'blocked']),
    createdAt: isoTime,
    updatedAt: isoTime,
  })
  .meta({ id: 'AdminUser' })

export const sessionSchema: z.ZodType = z
  .object({
    id: z.string(),
    current: z.boolean(),
    createdAt: isoTime,
    lastUsedAt: isoTime,
    expiresAt: isoTime,
    ip: z.string(),
    userAgent: z.string().nullable(),
    device: z.string().nullable(),
    authMethods: z.array(z.string()),
  })
  .meta({ id: 'Session' })

export const tokenAnswerSchema: z.ZodType = z
  .object({
    accessToken: z.string(),
    tokenType: z.enum(['Bearer']),
    expiresIn: z.int().meta({ description: 'Lifetime of the access token, in seconds.' }),
    refreshToken: z.string().optional().meta({ description: 'With body transport only.' }),
    refreshExpiresAt: isoTime,
    sessionId: z.string(),
    user: userSchema.optional(),
  })
  .meta({ id: 'TokenAnswer' })

/** The user a path names. */
export const userIdParams: z.ZodType<{ id: string }> = z.strictObject({ id: z.string().max(64) })

/** How a service client proves itself in a form (RFC 6749 §2.3.1, RFC 7521 §4.2). */
export const clientProofFields: {
  readonly client_id: z.ZodOptional<z.ZodString>
  readonly client_secret: z.ZodOptional<z.ZodString>
  readonly client_assertion_type: z.ZodOptional<z.ZodString>
  readonly client_assertion: z.ZodOptional<z.ZodString>
} = {
  client_id: z.string().max(200).optional(),
  client_secret: z.string().max(200).optional(),
  client_assertion_type: z.string().max(200).optional(),
  client_assertion: z.string().max(8192).optional(),
}

/** A token to be looked at, of whatever form. */
export const presentedTokenField: z.ZodString = z.string().min(1).max(8192)
