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
 * Uses the packed packages as a user would: in projects of their own, outside the repository,
 * that have the packages, what they declare, and nothing else.
 *
 * @param {import('./stages.mjs').Context} context
 * @returns {Promise<Result>}
 */
export async function consumers({ node }) {
  const [verify, auth, client] = await packAll()
  if (!verify || !auth || !client) throw new Error('there should be three packages')
  return sum([
    await inProject([verify], (project) => testOnOldNodes(node, project, 'verify.test.mjs')),
    await inProject([client], (project) => testOnOldNodes(node, project, 'client.test.mjs')),
    await inProject([verify, auth], async (project) =>
      sum([await testUnder(node, project, 'auth.test.mjs'), await typeCheck(node, project)]),
    ),
  ])
}

/**
 * @param {import('./pack.mjs').Packed[]} packed
 * @param {(project: string) => Promise<Result>} use
 */
async function inProject(packed, use) {
  const project = mkdtempSync(join(tmpdir(), 'countersign-consumer-'))
  try {
    cpSync(source, project, { recursive: true })
    for (const { folder } of packed) installPacked(project, folder)
    return await use(project)
  } finally {
    rmSync(project, { recursive: true })
  }
}

/**
 * Verifier and client promise Node 20: they are tested on the Node that runs npm or this, too.
 *
 * @param {string} node
 * @param {string} project
 * @param {string} file
 */
async function testOnOldNodes(node, project, file) {
  const nodes = new Set([node, process.env['npm_node_execpath'] ?? node, process.execPath])
  return sum(await Promise.all([...nodes].map((each) => testUnder(each, project, file))))
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

// What a block takes as given stands before it in a comment that readers do not see.
const snippet = /(?:^<!-- given:\n(.*?)\n-->\n\n)?^```(?:ts|typescript)\n(.*?)^```/gms

/**
 * Every TypeScript block of the README is a file of the project.
 *
 * @param {string} project
 */
function writeReadmeSnippets(project) {
  const readme = join(root, 'README.md')
  if (!existsSync(readme)) return
  const blocks = readFileSync(readme, 'utf8').matchAll(snippet)
  for (const [index, [, given = '', code = '']] of [...blocks].entries()) {
    writeFileSync(join(project, `readme-${index + 1}.ts`), `${given}\n${code}\nexport {}\n`)
  }
}

/**
 * @param {string} node
 * @param {string} project
 * @returns {Promise<Result>}
 */
async function typeCheck(node, project) {
  writeReadmeSnippets(project)
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
