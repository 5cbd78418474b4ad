// What has no place in the repository, file by file. The checks and their tests must name
// what they look for: see `exempt`.

/** The path of a file from the root of the repository, and its text. */
export interface RepositoryFile {
  readonly path: string
  readonly text: string
}

const exempt = ['scripts/checks/hygiene.ts', 'scripts/checks/hygiene.test.ts']

interface TextRule {
  readonly pattern: RegExp
  readonly problem: string
  readonly files?: RegExp
}

const textRules: readonly TextRule[] = [
  {
    // A path of the machine it was written on. What follows a host or a folder is none.
    pattern: /(?<![\w.~-])\/(?:work|root|home|Users)\/\w|(?<![\w.~-])\/tmp\/\w/,
    problem: 'names a path of one machine',
  },
  { pattern: /\b(?:TODO|FIXME|XXX)\b/, problem: 'leaves something undone' },
  {
    pattern: /\b(?:describe|it|suite|test|bench)\.(?:only|skip|todo)\b/,
    problem: 'leaves tests out',
    files: /\.(?:m?[jt]s|tsx)$/,
  },
  {
    pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\\n|\s)+[\w+/=]{40}/,
    problem: 'holds a private key',
  },
]

const secretFile =
  /(?:^|\/)(?:\.env(?:\.(?!example$)[\w.]+)?|id_(?:rsa|ecdsa|ed25519)|[^/]+\.(?:pem|key|p12|pfx|db|sqlite))$/

/** What is wrong with one file, one line each. */
export function fileProblems({ path, text }: RepositoryFile): string[] {
  if (exempt.includes(path)) return []
  const problems = secretFile.test(path) ? [`${path}: looks like a secret or somebody's data`] : []
  for (const { pattern, problem, files } of textRules) {
    const line = files && !files.test(path) ? -1 : lineOf(text, pattern)
    if (line > 0) problems.push(`${path}:${line}: ${problem}`)
  }
  return problems
}

/** Counted from 1; `-1` when the pattern is nowhere. */
function lineOf(text: string, pattern: RegExp): number {
  const at = text.search(pattern)
  return at < 0 ? -1 : text.slice(0, at).split('\n').length
}
