import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/run.mjs'
import { commandsTable } from './commands.ts'
import { optionsTable, serverTable } from './configuration.ts'
import { errorsTable } from './errors.ts'
import { renderedMails } from './mails.ts'

// Parts of the documentation that the source knows better. Each stands on its page between
// `<!-- generated: name -->` and `<!-- end of name -->`.

const parts: Readonly<Record<string, () => string>> = {
  options: optionsTable,
  server: serverTable,
  errors: errorsTable,
  commands: commandsTable,
  mails: renderedMails,
}

/** The pages that have such parts, from the root of the repository. */
export const generatedPages: readonly string[] = [
  'docs/guide/configuration.md',
  'docs/guide/errors.md',
  'docs/guide/cli.md',
  'docs/guide/mail.md',
]

/** A page as it is and as it should be. */
export function regenerate(path: string): { present: string; wanted: string } {
  const present = readFileSync(join(root, path), 'utf8')
  const wanted = present.replaceAll(
    /(<!-- generated: (\w+) -->\n).*?(<!-- end of \2 -->)/gs,
    (_, start: string, name: string, end: string) => `${start}\n${render(name)}\n\n${end}`,
  )
  return { present, wanted }
}

/** @throws {Error} There is no such part. */
function render(name: string): string {
  const part = parts[name]
  if (!part) throw new Error(`Nothing generates "${name}".`)
  return part()
}
