import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findNode } from '../setup/node.mjs'

/**
 * Makes an image of a name that a Dockerfile asks for, unless there is one: Debian, Node and npm.
 *
 * @param {string} name
 */
export async function makeBaseImage(name) {
  const full = `docker.io/library/${name}`
  if (
    spawnSync('buildah', ['inspect', '--type', 'image', full], { stdio: 'ignore' }).status === 0
  ) {
    return
  }
  console.log(`Making ${name}: half a minute.`)
  const folder = mkdtempSync(join(tmpdir(), 'countersign-base-'))
  try {
    const system = join(folder, 'system')
    execFileSync('debootstrap', ['--variant=minbase', 'bookworm', system], { stdio: 'ignore' })
    cpSync(findNode(), join(system, 'usr/local/bin/node'))
    copyNpm(system)
    const container = buildah('from', 'scratch')
    buildah('copy', container, system, '/')
    buildah(
      'config',
      '--env',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      container,
    )
    buildah('commit', '--rm', container, full)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} system */
function copyNpm(system) {
  const modules = execFileSync('npm', ['root', '--global'], { encoding: 'utf8' }).trim()
  const target = join(system, 'usr/local/lib/node_modules/npm')
  cpSync(join(modules, 'npm'), target, { recursive: true, dereference: true })
  for (const program of ['npm', 'npx']) {
    symlinkSync(
      join('../lib/node_modules/npm/bin', `${program}-cli.js`),
      join(dirname(dirname(dirname(target))), 'bin', program),
    )
  }
}

/** @param {string[]} args */
function buildah(...args) {
  return execFileSync('buildah', args, { encoding: 'utf8' }).trim()
}
