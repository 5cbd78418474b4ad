import { parseArgs } from 'node:util'

export interface BenchArguments {
  readonly quick: boolean
  readonly help: boolean
  readonly names: readonly string[]
}

/** What a bench is called with, or what is wrong with it in one line. */
export function readArguments(
  args: readonly string[],
  known: readonly string[],
): BenchArguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowPositionals: true,
    })
    const unknown = positionals.filter((name) => !known.includes(name))
    if (unknown.length > 0) return `There is no ${unknown.join(', ')}.`
    return { ...values, names: positionals }
  } catch (error) {
    // An unknown option, or a value where there is none.
    if (error instanceof TypeError) return error.message
    throw error
  }
}

export function usage(known: readonly string[]): string {
  return `Usage: npm run bench -- [--quick] [${known.join(' | ')}]…

Measures side by side with rivals, on this machine alone.
  --quick     Short: shows that it runs, gives nothing to quote, and is not kept.
  -h, --help  Show this help.
`
}
