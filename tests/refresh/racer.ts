// One of two processes that refresh the same tokens in the same database. Arguments: its URL.
// Reads a JSON array of tokens, refreshes each ten times at once, prints the attempts as JSON.
import { createInterface } from 'node:readline'
import { attemptRefresh, openAuthority } from './authority.ts'

const [url = ''] = process.argv.slice(2)
const authority = await openAuthority(url)
process.stdout.write('ready\n')

for await (const line of createInterface({ input: process.stdin })) {
  const attempts = []
  for (const token of JSON.parse(line) as string[]) {
    const copies = Array.from({ length: 10 }, () => attemptRefresh(authority, token))
    attempts.push(await Promise.all(copies))
  }
  process.stdout.write(`${JSON.stringify(attempts)}\n`)
}
await authority.stores.close()
