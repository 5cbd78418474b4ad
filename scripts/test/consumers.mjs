import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { envFor, root, run, runTool } from '../setup/run.mjs'
import { packAll } from './pack.mjs'

/** @typedef {import('./stages.mjs').Result} Result */

const source = join(root, 'scripts', 'consumers')

/**
 * Uses the packed packages as a user would: in a project of its own, outside the repository,
 * that has the packages, what they declare, and nothing else.
 *
 * @param {import('./stages.mjs').Context} context
 * @returns {Promise<Result>}
 */
export async function consumers({ node }) {
  const packed = await packAll()
  const project = mkdtempSync(join(tmpdir(), 'countersign-consumer-'))
  try {
    cpSync(source, project, { recursive: true })
    for (const { folder } of packed) installPacked(project, folder)
    writeReadmeSnippets(project)
    return sum([
      ...(await Promise.all(
        nodesFor(node).map((each) => testUnder(each, project, 'verify.test.mjs')),
      )),
      await testUnder(node, project, 'auth.test.mjs'),
      await typeCheck(node, project),
    ])
  } finally {
    rmSync(project, { recursive: true })
  }
}

/**
 * The verifier promises Node 20: it is tested on the Node that runs npm, too.
 *
 * @param {string} node
 */
function nodesFor(node) {
  const system = process.env['npm_node_execpath']
  return system ? [...new Set([node, system])] : [node]
}

/**
 * Puts an unpacked package into a project, and links to what it declares.
 *
 * @param {string} project
 * @param {string} folder
 */
function installPacked(project, folder) {
  /** @type {{ name: string, dependencies?: Record<string, string>, peerDependencies?: Record<string, string> }} */
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const target = join(project, 'node_modules', manifest.name)
  rmSync(target, { recursive: true, force: true })
  cpSync(folder, target, { recursive: true })
  const { dependencies, peerDependencies } = manifest
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) link(project, name)
}

/**
 * @param {string} project
 * @param {string} name
 */
function link(project, name) {
  const target = join(project, 'node_modules', name)
  if (existsSync(target)) return
  mkdirSync(dirname(target), { recursive: true })
  symlinkSync(join(root, 'node_modules', name), target, 'junction')
}

/**
 * @param {string} node
 * @param {string} project
 * @param {string} file
 * @returns {Promise<Result>}
 */
async function testUnder(node, project, file) {
  const { code, output } = await run(node, ['--test', '--test-reporter=tap', file], {
    cwd: project,
    env: envFor(node),
  })
  const count = (/** @type {string} */ word) =>
    Number(output.match(new RegExp(`^# ${word} (\\d+)$`, 'm'))?.[1] ?? 0)
  const failed = count('fail') + count('cancelled')
  return { passed: count('pass'), failed: failed === 0 && code !== 0 ? 1 : failed, output }
}

/**
 * Every TypeScript block of the README is a file of the project.
 *
 * @param {string} project
 */
function writeReadmeSnippets(project) {
  const readme = join(root, 'README.md')
  if (!existsSync(readme)) return
  const blocks = readFileSync(readme, 'utf8').matchAll(/^```(?:ts|typescript)\n(.*?)^```/gms)
  for (const [index, [, code = '']] of [...blocks].entries()) {
    writeFileSync(join(project, `readme-${index + 1}.ts`), `${code}\nexport {}\n`)
  }
}

/**
 * @param {string} node
 * @param {string} project
 * @returns {Promise<Result>}
 */
async function typeCheck(node, project) {
  link(project, '@types/node')
  link(project, '@types/express')
  const { code, output } = await runTool(node, 'typescript', ['-p', project], { tool: 'tsc' })
  return code === 0 ? { passed: 1, failed: 0, output } : { passed: 0, failed: 1, output }
}

/**
 * @param {Result[]} results
 * @returns {Result}
 */
function sum(results) {
  return {
    passed: results.reduce((total, { passed }) => total + passed, 0),
    failed: results.reduce((total, { failed }) => total + failed, 0),
    output: results.map(({ output }) => output).join('\n'),
  }
}
