// The public files of a package are its exports map, and nothing else is.

/** Where one entry of an exports map leads, by condition. */
type Target = Readonly<Record<string, string>>

/** The `exports` of a package.json. */
export type ExportsMap = Readonly<Record<string, Target | string>>

/**
 * What is wrong with an exports map, one line each. Empty: nothing.
 *
 * @param publicFiles The `.ts` files directly under `src`, as in `express.ts`.
 */
export function exportsMapProblems(exports: ExportsMap, publicFiles: readonly string[]): string[] {
  const wanted = new Map(publicFiles.map((file) => entryOf(file)))
  const present = Object.entries(exports).filter(([key]) => key !== './package.json')
  return [
    ...[...wanted.keys()]
      .filter((key) => !(key in exports))
      .map((key) => `${key} is a file under src, and not in the exports map`),
    ...present.flatMap(([key, target]) => {
      const expected = wanted.get(key)
      if (!expected) return [`${key} is in the exports map, and no file under src`]
      // Order counts: the first condition that fits wins.
      return JSON.stringify(target) === JSON.stringify(expected)
        ? []
        : [`${key} should lead to ${JSON.stringify(expected)}`]
    }),
  ]
}

function entryOf(file: string): [key: string, target: Target] {
  const name = file.replace(/\.ts$/, '')
  return [
    name === 'index' ? '.' : `./${name}`,
    {
      '@countersign/source': `./src/${name}.ts`,
      types: `./dist/${name}.d.ts`,
      default: `./dist/${name}.js`,
    },
  ]
}
