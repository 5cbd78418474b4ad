// `npm run image`: builds the image of the Dockerfile and tries it as an operator would: it gets
// ready, signs somebody up, stops in time, and writes nowhere but to its volume.
//
// With Docker it builds on the base image the Dockerfile names. Without, it needs Linux, root and
// two packages (Debian: apt install buildah debootstrap), and makes a base image of that name from
// Debian's packages and the Node that `npm ci` brought.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeBaseImage } from './image/base-image.mjs'
import { tryImage } from './image/try-image.mjs'
import { installIfMissing } from './setup/install.mjs'
import { Failure, orFail, root } from './setup/run.mjs'

const baseImage = 'node:24-bookworm-slim'
const tag = 'countersign'

await orFail(async () => {
  await installIfMissing()
  if (succeeds('docker', ['info'])) {
    run('docker', ['build', '--tag', tag, root])
    console.log(`Built ${tag}. To run it: docker run --publish 4000:4000 ${tag}`)
    return
  }
  requireBuildah()
  await makeBaseImage(baseImage)
  const scratch = mkdtempSync(join(tmpdir(), 'countersign-image-'))
  try {
    const how = [
      '--isolation',
      'chroot',
      '--pull-never',
      '--format',
      'docker',
      '--layers',
      '--tag',
      tag,
    ]
    run('buildah', ['bud', ...how, ...npmSettings(scratch), root])
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  await tryImage(tag)
  console.log(`Built ${tag}, and tried it.`)
})

function requireBuildah() {
  const missing = ['buildah', 'debootstrap'].filter((program) => !has(program))
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || missing.length > 0) {
    throw new Failure(
      `This needs Docker, or Linux, root and ${missing.join(' and ') || 'buildah'}. On Debian: apt install buildah debootstrap.`,
    )
  }
}

/**
 * How npm is set up on this machine holds for the build as well, and is not in the image.
 *
 * @param {string} folder
 */
function npmSettings(folder) {
  const file = join(folder, 'npmrc')
  const settings = ['registry', 'cafile'].map((name) => [name, npmSetting(name)])
  const given = settings.filter(([, value]) => value !== '' && value !== 'null')
  writeFileSync(file, given.map(([name, value]) => `${name}=${value}\n`).join(''))
  const certificates = npmSetting('cafile')
  return [
    '--volume',
    `${file}:/root/.npmrc:ro`,
    ...(existsSync(certificates) ? ['--volume', `${certificates}:${certificates}:ro`] : []),
  ]
}

/** @param {string} name */
function npmSetting(name) {
  return spawnSync('npm', ['config', 'get', name], { encoding: 'utf8' }).stdout.trim()
}

/** @param {string} program */
function has(program) {
  return succeeds(program, ['--version'])
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function succeeds(program, args) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function run(program, args) {
  const { status } = spawnSync(program, args, { stdio: 'inherit' })
  if (status !== 0) throw new Failure(`${program} ${args[0]} failed.`)
}
