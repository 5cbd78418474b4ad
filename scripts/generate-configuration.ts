// Writes docs/guide/configuration.md from the table of options; with --check, says whether it is
// what the table gives.

import { readFileSync, writeFileSync } from 'node:fs'
import { optionList } from '../packages/auth/src/app/option-list.ts'

const path = new URL('../docs/guide/configuration.md', import.meta.url)

const rows = optionList.map(
  ({ variable, option, standard, kind, meaning }) =>
    `| \`${variable}\` | \`${option}\` | ${standard} | ${kind.accepts} | ${meaning} |`,
)

const text = `# Configuration

The server and the command line read environment variables; \`createAuth\` takes the same options in
code. What is wrong or unsafe stops the start, and every problem is said at once. \`countersign doctor\`
explains a running configuration. Durations are written as \`15m\` or \`7d\`, in code as seconds.

| variable | in code | default | must be | meaning |
|---|---|---|---|---|
${rows.join('\n')}

The server alone reads:

| variable | default | meaning |
|---|---|---|
| \`PORT\`, \`HOST\` | 4000, 127.0.0.1 | where it listens |
| \`TLS_CERT_FILE\`, \`TLS_KEY_FILE\` | none | PEM files; with them it speaks https |
| \`LOG_LEVEL\` | info | debug, info, warn, error or silent |
| \`LOG_FORMAT\` | pretty on a terminal, else json | |
| \`NODE_ENV\` | | \`production\` turns the conveniences of development off |
`

if (!process.argv.includes('--check')) writeFileSync(path, text)
else if (readFileSync(path, 'utf8') !== text) {
  console.error('docs/guide/configuration.md is out of date. Run: npm run docs')
  process.exitCode = 1
}
