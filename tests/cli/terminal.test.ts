import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { signIn } from './server-calls.ts'
import { createWorkplace, main, nodeFlags, password, type Workplace } from './workplace.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

// Gives a command a terminal. The one of util-linux is meant: that of BSD takes other arguments.
const recorder = 'script'
const { stdout: version } = spawnSync(recorder, ['--version'], { encoding: 'utf8' })
const hasTerminal = (version as string | null)?.includes('util-linux') ?? false

let at: Workplace
beforeAll(async () => {
  at = await createWorkplace()
})
afterAll(() => at.remove())

interface Terminal {
  /** Resolves when this was shown after what was waited for before. */
  shows(text: string): Promise<void>
  type(text: string): void
  /** @returns What was shown, and the exit code of the command. */
  ended(): Promise<{ code: number; shown: string }>
}

function open(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Terminal {
  const command = [process.execPath, ...nodeFlags, main, ...args].map(quoted).join(' ')
  const child = spawn(recorder, ['-qec', command, '/dev/null'], {
    cwd: at.folder,
    env: { ...at.environment, TERM: 'xterm', PATH: process.env['PATH'] ?? '', ...environment },
  })
  return terminalOf(child)
}

function terminalOf(child: ChildProcessWithoutNullStreams): Terminal {
  let shown = ''
  let seen = 0
  child.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()))
  return {
    async shows(text) {
      while (shown.indexOf(text, seen) < 0) await once(child.stdout, 'data')
      seen = shown.indexOf(text, seen) + text.length
    },
    type: (text) => child.stdin.write(text),
    async ended() {
      const [code] = (await once(child, 'close')) as [number]
      return { code, shown: shown.replaceAll('\r\n', '\n') }
    },
  }
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`

describe.runIf(hasTerminal)('on a terminal', () => {
  test('a list is aligned below headings', async () => {
    const { code, shown } = await open(['users', 'list']).ended()
    const [heading = '', row = ''] = stripVTControlCharacters(shown).split('\n')
    expect(code).toBe(0)
    expect(heading).toMatch(/^ID +EMAIL +USERNAME +STATUS +ROLES +CREATED$/)
    expect(row.indexOf('ada@example.com')).toBe(heading.indexOf('EMAIL'))
  })

  test('headings are bold, but not with NO_COLOR', async () => {
    const plain = await open(['users', 'list'], { NO_COLOR: '1' }).ended()
    const styled = await open(['users', 'list']).ended()
    expect(styled.shown).toContain('\u{1b}[1mID')
    expect(plain.shown).not.toContain('\u{1b}[')
  })

  test('a list of nothing says so', async () => {
    const { shown } = await open(['users', 'list', '--search', 'nobody']).ended()
    expect(shown).toBe('No users.\n')
  })

  test('doctor sums up', async () => {
    const { shown } = await open(['doctor']).ended()
    expect(stripVTControlCharacters(shown)).toMatch(
      /\nLEVEL +FINDING\n[\s\S]+\n\n0 errors, 1 warning\.\n$/,
    )
  })

  test('a password is asked for twice, is not shown, and signs in', async () => {
    const terminal = open(['users', 'create', '--email', 'bob@example.com'])
    await terminal.shows('Password: ')
    terminal.type(`wrongg\u{7f}\u{15}${password}\r`)
    await terminal.shows('The same again: ')
    terminal.type(`${password}\r`)
    const { code, shown } = await terminal.ended()
    expect({ code, shown }).toEqual({
      code: 0,
      shown: expect.stringMatching(
        /^Password: \nThe same again: \nCreated bob@example\.com \(.+\)\.\n$/,
      ),
    })
    expect((await signIn(await at.serve(), 'bob@example.com')).status).toBe(200)
  })

  test('two passwords that differ change nothing', async () => {
    const terminal = open(['users', 'set-password', 'ada'])
    await terminal.shows('Password: ')
    terminal.type('one good password\r')
    await terminal.shows('The same again: ')
    terminal.type('one bad password\r')
    expect(await terminal.ended()).toEqual({
      code: 1,
      shown:
        'Password: \nThe same again: \nerror: The two passwords differ. Nothing was changed.\n',
    })
  })

  test.each([
    ['Ctrl-C', '\u{3}'],
    ['Ctrl-D', '\u{4}'],
  ])('%s leaves everything as it was', async (_name, key) => {
    const terminal = open(['users', 'set-password', 'ada'])
    await terminal.shows('Password: ')
    terminal.type(key)
    expect(await terminal.ended()).toEqual({
      code: 1,
      shown: 'Password: \nerror: No password was given. Nothing was changed.\n',
    })
  })

  test('nothing at all is no password', async () => {
    const terminal = open(['users', 'set-password', 'ada'])
    await terminal.shows('Password: ')
    terminal.type('\r')
    expect(await terminal.ended()).toEqual({
      code: 1,
      shown: 'Password: \nerror: No password was given.\n',
    })
  })
})
