/** express-session as its page recommends, with its sessions in SQLite. */
import express from 'express'
import session from 'express-session'
import { openDatabase } from '../../servers/database.ts'
import { SqliteSessionStore } from './sqlite-session-store.ts'

declare module 'express-session' {
  interface SessionData {
    userId: string
  }
}

const app = express()
app.use(
  session({
    secret: 'a session secret for the benchmark only',
    resave: false,
    saveUninitialized: false,
    cookie: { maxAge: 7 * 24 * 60 * 60 * 1000 },
    store: new SqliteSessionStore(openDatabase(process.env['DATABASE_FILE'] ?? ':memory:')),
  }),
)

// Who signs in here needs no password: it is the check that is measured.
app.post('/login', (req, res) => {
  req.session.userId = 'somebody'
  res.sendStatus(204)
})

app.get('/me', (req, res) => {
  if (!req.session.userId) {
    res.sendStatus(401)
    return
  }
  res.json({ id: req.session.userId })
})
app.listen(Number(process.env['PORT']), '127.0.0.1')
