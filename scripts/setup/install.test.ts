import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isInstalled } from './install.mjs'

type Packages = Record<string, { version?: string; optional?: boolean; link?: boolean }>

/** A folder whose lock file wants some packages, after an installation of others. */
function folderWith(wanted: Packages, installed?: Packages): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-install-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const write = (path: string, packages: Packages) =>
    writeFileSync(join(folder, path), JSON.stringify({ packages }))
  write('package-lock.json', { '': {}, ...wanted })
  mkdirSync(join(folder, 'node_modules'))
  if (installed) write('node_modules/.package-lock.json', installed)
  return folder
}

const a = { 'node_modules/a': { version: '1.0.0' } }
const native = { 'node_modules/native': { version: '1.0.0', optional: true } }
const workspace = { 'node_modules/ours': { link: true } }

test('all in the wanted version is installed', () => {
  const all = { ...a, ...native, ...workspace }
  expect(isInstalled(folderWith(all, all))).toBe(true)
})

test('a folder that npm never wrote to is not installed', () => {
  expect(isInstalled(folderWith(a))).toBe(false)
})

test('another version is not installed', () => {
  expect(isInstalled(folderWith(a, { 'node_modules/a': { version: '1.0.1' } }))).toBe(false)
})

test('a missing package is not installed', () => {
  expect(isInstalled(folderWith(a, {}))).toBe(false)
})

test('a missing workspace is not installed', () => {
  expect(isInstalled(folderWith(workspace, {}))).toBe(false)
})

test('a package for another platform may be missing', () => {
  expect(isInstalled(folderWith(native, {}))).toBe(true)
})

test('an optional package in another version is not installed', () => {
  const other = { 'node_modules/native': { version: '0.9.0', optional: true } }
  expect(isInstalled(folderWith(native, other))).toBe(false)
})
