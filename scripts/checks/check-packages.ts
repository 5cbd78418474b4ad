// Checks packed packages, given as tarballs: what is in them, whether their package.json says
// what is true (publint), and whether every way to resolve types finds the right ones (attw).

import { readFileSync } from 'node:fs'
import {
  checkPackage,
  createPackageFromTarballData,
  type Package,
  type ProblemKind,
} from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { packedFileProblems } from './packed-files.ts'
import { reportProblems } from './report-problems.ts'

// We ship ES modules alone; `require` loads them from Node 20.19 on, and a test shows it.
const acceptedProblems: readonly ProblemKind[] = ['CJSResolvesToESM']
// TypeScript's `moduleResolution: node10` knows no exports map. Nor do we know it.
const acceptedResolutions = ['node10']

async function tarballProblems(path: string): Promise<string[]> {
  const tarball = new Uint8Array(readFileSync(path))
  const packed = createPackageFromTarballData(tarball)
  const problems = [
    ...packedFileProblems(filesOf(packed)),
    ...(await manifestProblems(tarball)),
    ...(await typeProblems(packed)),
  ]
  return problems.map((problem) => `${packed.packageName}: ${problem}`)
}

/** As in `dist/index.js`. */
function filesOf(packed: Package): string[] {
  const folder = `/node_modules/${packed.packageName}/`
  return packed.listFiles().map((path) => path.replace(folder, ''))
}

async function manifestProblems(tarball: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true })
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code)
}

async function typeProblems(packed: Package): Promise<string[]> {
  const analysis = await checkPackage(packed)
  if (analysis.types === false) return ['brings no types']
  return analysis.problems
    .filter(({ kind }) => !acceptedProblems.includes(kind))
    .filter(
      (problem) =>
        !('resolutionKind' in problem) || !acceptedResolutions.includes(problem.resolutionKind),
    )
    .map((problem) => JSON.stringify(problem))
}

const problems = await Promise.all(process.argv.slice(2).map(tarballProblems))
reportProblems(problems.flat())
