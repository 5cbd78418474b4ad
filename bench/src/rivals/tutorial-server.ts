/**
 * The design most tutorials teach: Express, jsonwebtoken, bcrypt at cost 12, and an array
 * of bcrypt-hashed refresh JWTs in the user's record. Its known bugs are kept, for they
 * are part of what it costs; only the document database is replaced by SQLite.
 */
/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 sees to rejections itself. */
import { randomUUID } from 'node:crypto'
import bcrypt from 'bcrypt'
import express from 'express'
import jwt from 'jsonwebtoken'
import { openDatabase } from '../servers/database.ts'

const bcryptCost = 12
const accessTokenSecret = 'an access token secret for the benchmark only'
const refreshTokenSecret = 'a refresh token secret for the benchmark only'

interface User {
  readonly id: string
  readonly email: string
  readonly password: string
  readonly refreshTokens: readonly string[]
}

interface Credentials {
  readonly email: string
  readonly password: string
}

interface UserRow {
  readonly id: string
  readonly email: string
  readonly password: string
  readonly refresh_tokens: string
}

const database = openDatabase(process.env['DATABASE_FILE'] ?? ':memory:')
database.exec(
  'CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT UNIQUE, password TEXT, refresh_tokens TEXT)',
)
const insertUser = database.prepare("INSERT INTO users VALUES (?, ?, ?, '[]')")
const selectByEmail = database.prepare<[string], UserRow>('SELECT * FROM users WHERE email = ?')
const selectById = database.prepare<[string], UserRow>('SELECT * FROM users WHERE id = ?')
const updateTokens = database.prepare('UPDATE users SET refresh_tokens = ? WHERE id = ?')

const app = express()
app.use(express.json())

app.post('/api/auth/register', async (req, res) => {
  const { email, password } = req.body as Credentials
  if (selectByEmail.get(email)) {
    res.status(409).json({ message: 'User already exists' })
    return
  }
  const id = randomUUID()
  insertUser.run(id, email, await bcrypt.hash(password, bcryptCost))
  res.status(201).json({ id, email })
})

app.post('/api/auth/login', async (req, res) => {
  const { email, password } = req.body as Credentials
  const user = toUser(selectByEmail.get(email))
  if (!user || !(await bcrypt.compare(password, user.password))) {
    res.status(401).json({ message: 'Invalid credentials' })
    return
  }
  const { accessToken, refreshToken } = signTokens(user)
  const hash = await bcrypt.hash(refreshToken, bcryptCost)
  saveTokens(user.id, [...(toUser(selectById.get(user.id))?.refreshTokens ?? []), hash])
  res.json({ accessToken, refreshToken })
})

app.post('/api/auth/refresh', async (req, res) => {
  const { refreshToken: presented } = req.body as { refreshToken: string }
  const user = toUser(selectById.get(subjectOf(presented)))
  if (!user) {
    res.status(403).json({ message: 'Invalid refresh token' })
    return
  }
  const known = await findHash(user.refreshTokens, presented)
  if (known === null) {
    saveTokens(user.id, [])
    res.status(403).json({ message: 'Refresh token reuse detected' })
    return
  }
  const { accessToken, refreshToken } = signTokens(user)
  const others = user.refreshTokens.filter((hash) => hash !== known)
  saveTokens(user.id, [...others, await bcrypt.hash(refreshToken, bcryptCost)])
  res.json({ accessToken, refreshToken })
})

function signTokens({ id, email }: User): { accessToken: string; refreshToken: string } {
  return {
    accessToken: jwt.sign({ id, email }, accessTokenSecret, { expiresIn: '15m' }),
    refreshToken: jwt.sign({ id }, refreshTokenSecret, { expiresIn: '7d' }),
  }
}

function subjectOf(refreshToken: string): string {
  const payload = jwt.verify(refreshToken, refreshTokenSecret)
  return typeof payload === 'string' ? payload : String(payload['id'])
}

async function findHash(hashes: readonly string[], token: string): Promise<string | null> {
  for (const hash of hashes) {
    if (await bcrypt.compare(token, hash)) return hash
  }
  return null
}

function saveTokens(id: string, hashes: readonly string[]): void {
  updateTokens.run(JSON.stringify(hashes), id)
}

function toUser(row: UserRow | undefined): User | null {
  if (!row) return null
  const { id, email, password, refresh_tokens } = row
  return { id, email, password, refreshTokens: JSON.parse(refresh_tokens) }
}

app.listen(Number(process.env['PORT']), '127.0.0.1')
