// Checks every file of the repository for what has no place in it, and every package.json
// and lock file for how it names dependencies.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/run.mjs'
import { type LockFile, lockProblems, type Manifest, manifestProblems } from './dependencies.ts'
import { fileProblems } from './hygiene.ts'
import { reportProblems } from './report-problems.ts'

// Made on the reader's machine, or other people's work, kept as it came.
const unread = ['.cache', '.git', 'coverage', 'data', 'dist', 'node_modules', 'vectors']

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isFile()) yield path
    else if (entry.isDirectory() && !unread.includes(entry.name)) yield* filesBelow(path)
  }
}

function problemsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  // Its hashes read like anything.
  const problems = path.endsWith('package-lock.json') ? [] : fileProblems({ path, text })
  return [...problems, ...dependencyProblems(path, text).map((problem) => `${path}: ${problem}`)]
}

function dependencyProblems(path: string, text: string): string[] {
  if (path.endsWith('package-lock.json')) {
    const lock: LockFile = JSON.parse(text)
    return lockProblems(lock)
  }
  if (path.endsWith('package.json')) {
    const manifest: Manifest = JSON.parse(text)
    return manifestProblems(manifest)
  }
  return []
}

reportProblems([...filesBelow('')].flatMap(problemsOf))
