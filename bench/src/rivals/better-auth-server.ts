/**
 * better-auth as its Express and SQLite pages set it up, with e-mail and password. `GET /me`
 * is the session check of its docs. Its rate limit is off, as ours is.
 *
 * `JWT=on` adds the JWT plugin, which issues access tokens; it also signs one at every
 * session check, so the check is measured without it. `COOKIE_CACHE=on` keeps the session
 * in a signed cookie for five minutes.
 */
/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 sees to rejections itself. */
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node'
import { jwt } from 'better-auth/plugins'
import express from 'express'
import pg from 'pg'
import { openDatabase } from '../servers/database.ts'

const postgresUrl = process.env['DATABASE_URL']
const auth = betterAuth({
  baseURL: process.env['ORIGIN'] ?? '',
  secret: 'a secret of thirty-two characters or more, for the benchmark only',
  database: postgresUrl
    ? new pg.Pool({ connectionString: postgresUrl, max: 20 })
    : openDatabase(process.env['DATABASE_FILE'] ?? ':memory:'),
  emailAndPassword: { enabled: true },
  session: {
    cookieCache: { enabled: process.env['COOKIE_CACHE'] === 'on', maxAge: 5 * 60 },
    ...(process.env['UPDATE_AGE'] && { updateAge: Number(process.env['UPDATE_AGE']) }),
  },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: process.env['JWT'] === 'on' ? [jwt()] : [],
})
const { runMigrations } = await getMigrations(auth.options)
await runMigrations()

const app = express()
app.all('/api/auth/*splat', toNodeHandler(auth))
app.get('/me', async (req, res) => {
  const session = await auth.api.getSession({ headers: fromNodeHeaders(req.headers) })
  if (!session) {
    res.sendStatus(401)
    return
  }
  res.json({ id: session.user.id })
})
app.listen(Number(process.env['PORT']), '127.0.0.1')
