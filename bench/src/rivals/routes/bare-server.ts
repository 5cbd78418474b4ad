/** Express without any check: what the route itself costs. */
import express from 'express'

const app = express()
app.get('/me', (_, res) => {
  res.json({ id: 'somebody' })
})
app.listen(Number(process.env['PORT']), '127.0.0.1')
