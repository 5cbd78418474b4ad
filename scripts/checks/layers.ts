// The house's order, checked: who may import whom, and what may be called what.
// Tests are free to import what they like.

import { posix } from 'node:path'
import { importsOf, onlyReExports, withoutCommentLines } from './imports.ts'

/** A package's sources: text by path below `src`, as in `base/time.ts`. */
export type SourceTree = ReadonlyMap<string, string>

/** Where the folders of a package stand. */
export interface LayerTable {
  /** Folder → the folders it may import, itself aside. A folder that is not here is misplaced. */
  readonly mayImport: Readonly<Record<string, readonly string[]>>
  /** Dependency → the only folders that may import it. `''` is the public files. */
  readonly dependencyOnlyIn: Readonly<Record<string, readonly string[]>>
  /** Folders that may read the clock: elsewhere time is passed in. */
  readonly clockOnlyIn: readonly string[]
  /** Folders whose sub-folders must not know each other. */
  readonly separated: readonly string[]
  /** Folders that import nothing but Node. */
  readonly withoutDependencies: readonly string[]
}

const forbiddenFolders = ['common', 'helper', 'helpers', 'lib', 'misc', 'util', 'utils']
const maxLines = 400

/** What is wrong with a package's sources, one line each. Empty: nothing. */
export function layerProblems(tree: SourceTree, table: LayerTable): string[] {
  const sources = new Map([...tree].filter(([path]) => !path.endsWith('.test.ts')))
  return [
    ...[...tree].flatMap(([path, text]) => placeProblems(path, text, table)),
    ...[...sources].flatMap(([path, text]) => [
      ...publicFileProblems(path, text),
      ...clockProblems(path, text, table),
      ...importsOf(text).flatMap((specifier) => importProblems(path, specifier, table)),
    ]),
    ...cycleProblems(sources),
  ]
}

function placeProblems(path: string, text: string, { mayImport }: LayerTable): string[] {
  const folders = path.split('/').slice(0, -1)
  const problems: string[] = []
  if (folders[0] !== undefined && !(folders[0] in mayImport)) {
    problems.push(`${path}: the folder ${folders[0]} has no place in the layers`)
  }
  for (const folder of folders.filter((name) => forbiddenFolders.includes(name))) {
    problems.push(`${path}: no folder is called ${folder}; name its subject`)
  }
  if (folders.length > 0 && posix.basename(path) === 'index.ts') {
    problems.push(`${path}: no index.ts below src; import the file itself`)
  }
  const lines = text.split('\n').length - 1
  if (lines > maxLines) problems.push(`${path}: ${lines} lines, more than ${maxLines}`)
  return problems
}

function publicFileProblems(path: string, text: string): string[] {
  if (path !== 'index.ts' && path !== 'testing.ts') return []
  return onlyReExports(text) ? [] : [`${path}: does more than re-export`]
}

function clockProblems(path: string, text: string, { clockOnlyIn }: LayerTable): string[] {
  // The linter knows `Date.now` and the like; it has no rule for this one.
  if (clockOnlyIn.includes(folderOf(path)) || folderOf(path) === 'testing') return []
  return /\bnew Date\(\)/.test(withoutCommentLines(text))
    ? [`${path}: new Date() reads the clock; take the time as an argument`]
    : []
}

function importProblems(from: string, specifier: string, table: LayerTable): string[] {
  const problem = specifier.startsWith('.')
    ? relativeImportProblem(from, posix.join(posix.dirname(from), specifier), table)
    : dependencyProblem(from, specifier, table)
  return problem === null ? [] : [`${from}: imports ${specifier}; ${problem}`]
}

function relativeImportProblem(from: string, to: string, table: LayerTable): string | null {
  if (to === '../package.json') return null
  if (to.startsWith('..')) return 'that is outside of src'
  const [fromFolder, toFolder] = [folderOf(from), folderOf(to)]
  if (toFolder === '') return fromFolder === '' ? null : 'a public file is for users alone'
  if (fromFolder === toFolder) return separationProblem(from, to, table)
  if (fromFolder === '') return null
  return table.mayImport[fromFolder]?.includes(toFolder)
    ? null
    : `${fromFolder} must not know ${toFolder}`
}

function separationProblem(from: string, to: string, { separated }: LayerTable): string | null {
  if (!separated.includes(folderOf(from))) return null
  const [fromPart, toPart] = [subfolderOf(from), subfolderOf(to)]
  if (toPart === null || fromPart === toPart) return null
  return fromPart === null
    ? `what all of ${folderOf(from)} share must not know one of them`
    : `${fromPart} must not know ${toPart}`
}

function dependencyProblem(from: string, specifier: string, table: LayerTable): string | null {
  if (specifier.startsWith('node:')) return null
  const name = packageOf(specifier)
  const folder = folderOf(from)
  if (table.withoutDependencies.includes(folder)) return `${folder} imports nothing but Node`
  const only = table.dependencyOnlyIn[name]
  return only && !only.includes(folder) ? `${name} belongs in ${only.join(', ')}` : null
}

/** Finds each ring of files that import one another, types included. */
function cycleProblems(sources: SourceTree): string[] {
  const problems: string[] = []
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) {
      problems.push(`cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`)
      return
    }
    if (done.has(path)) return
    for (const next of relativeImports(path, sources)) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of sources.keys()) visit(path, [])
  return problems
}

function relativeImports(path: string, sources: SourceTree): string[] {
  return importsOf(sources.get(path) ?? '')
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(path), specifier))
    .filter((target) => sources.has(target))
}

/** The first folder of a path; `''` for a public file. */
function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : ''
}

function subfolderOf(path: string): string | null {
  const [, part, ...rest] = path.split('/')
  return rest.length > 0 && part !== undefined ? part : null
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}
