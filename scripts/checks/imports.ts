// Which modules a TypeScript file names. Rests on the formatter: an import starts its line.

const names = String.raw`(?:type\s+)?(?:[\w$]+\s*,?\s*)?(?:\{[^}]*\}|\*\s+as\s+[\w$]+)?`
const importFrom = new RegExp(String.raw`^import\s+${names}\s*from\s*['"]([^'"]+)['"]`, 'gm')
const importAlone = /^import\s*['"]([^'"]+)['"]/gm
const exportFrom =
  /^export\s+(?:type\s+)?(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?)\s*from\s*['"]([^'"]+)['"]/gm
// `import('x')`, as an expression or as a type.
const importCall = /\bimport\(\s*['"]([^'"]+)['"]/g

/** The modules a file imports or re-exports, types included, each once. */
export function importsOf(text: string): string[] {
  const code = withoutCommentLines(text)
  const found = [importFrom, importAlone, exportFrom, importCall].flatMap((pattern) =>
    [...code.matchAll(pattern)].map(([, specifier]) => specifier ?? ''),
  )
  return [...new Set(found)]
}

/** Whether a file holds nothing but comments and re-exports. */
export function onlyReExports(text: string): boolean {
  return withoutCommentLines(text).replaceAll(exportFrom, '').trim() === ''
}

/** Leaves out lines that are comment from their start. */
export function withoutCommentLines(text: string): string {
  return text.replaceAll(/^\s*(?:\/\/|\/\*|\*).*$/gm, '')
}
