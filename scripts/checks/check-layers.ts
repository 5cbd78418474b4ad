// Checks the order of the packages' folders and that their exports maps are their public files.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/run.mjs'
import { type ExportsMap, exportsMapProblems } from './exports-map.ts'
import { authLayers, clientLayers, verifyLayers } from './layer-tables.ts'
import { type LayerTable, layerProblems } from './layers.ts'
import { reportProblems } from './report-problems.ts'

function packageProblems(name: string, table: LayerTable): string[] {
  const folder = join(root, 'packages', name)
  const tree = readTree(join(folder, 'src'))
  const publicFiles = [...tree.keys()].filter(
    (path) => !path.includes('/') && !path.endsWith('.test.ts'),
  )
  const { exports }: { exports: ExportsMap } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  return [
    ...layerProblems(tree, table).map((problem) => `packages/${name}/src/${problem}`),
    ...exportsMapProblems(exports, publicFiles).map((problem) => `packages/${name}: ${problem}`),
  ]
}

function readTree(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return new Map(
    paths
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.ts'))
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  )
}

reportProblems([
  ...packageProblems('verify', verifyLayers),
  ...packageProblems('auth', authLayers),
  ...packageProblems('client', clientLayers),
])
