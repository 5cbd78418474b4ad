// Prints the figures of docs/guide/refresh.md. Run: npx -c 'node tests/refresh/print-report.ts'
import { counterexamples, standings, standingsTable, statesVisited } from './report.ts'

process.stdout.write(`${standingsTable(standings())}\n\n`)
process.stdout.write(`${counterexamples()}\n\n`)
process.stdout.write(`${statesVisited()}\n`)
