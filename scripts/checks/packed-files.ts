const needed = ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']
const unwanted = /\.test\.|(?:^|\/)(?:vectors|node_modules)\/|\.tsbuildinfo$|\.config\.ts$/

/** What is missing in a packed package or should not be in it, one line each. */
export function packedFileProblems(paths: readonly string[]): string[] {
  return [
    ...needed.filter((path) => !paths.includes(path)).map((path) => `lacks ${path}`),
    ...paths.filter((path) => unwanted.test(path)).map((path) => `should not ship ${path}`),
  ]
}
