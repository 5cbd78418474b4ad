import type { Serving } from '../server/serve.ts'

/** What somebody who just started the server can paste into another terminal. */
export function firstSteps({ issuer, basePath, docs }: Serving): string {
  const base = `${issuer}${basePath}`
  const json = "-H 'Content-Type: application/json'"
  const credentials = '"email":"ada@example.com","password":"correct horse battery"'
  return `
Countersign serves on ${issuer}

Try it, in another terminal:

  curl -s ${base}/register ${json} -d '{${credentials}}'

  TOKEN=$(curl -s ${base}/login ${json} -d '{${credentials}}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')

  curl -s ${base}/profile -H "Authorization: Bearer $TOKEN"
${docs ? `\nRead and try every endpoint: ${base}/docs\n` : ''}
Stop with Ctrl-C.

`
}
