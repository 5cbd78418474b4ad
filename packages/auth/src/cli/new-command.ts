import { styleText } from 'node:util'
import { Command, Help, InvalidArgumentError, Option } from 'commander'

const commonHeading = 'Common options:'

/** How a user is named, everywhere. */
export const userArgument = 'id, e-mail address or username'

/** A command that says in one line what is wrong with how it was called. */
export function newCommand(name: string): Command {
  const command = new Command(name)
  return command
    .exitOverride()
    .helpCommand(false)
    .helpOption('-h, --help', 'Show this help.')
    .configureHelp({ styleTitle: (title) => styleText('bold', title), groupItems: commonLast })
    .configureOutput({
      outputError: (text, write) => write(`${oneLine(text)} See: ${pathOf(command)} --help\n`),
    })
}

/** A command that acts on a database. */
export function databaseCommand(name: string): Command {
  const common = [
    new Option(
      '--database <url>',
      'The database, such as sqlite:./data/countersign.db. (DATABASE_URL)',
    ),
    new Option('--json', 'Answer with one JSON document.'),
  ]
  return common.reduce(
    (command, option) => command.addOption(option.helpGroup(commonHeading)),
    newCommand(name),
  )
}

/** What is shown below a command's options. */
export function examples(...lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n')
}

/** Reads a number of an option. */
export function positiveInteger(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1.')
}

// What a command's help is read for is its own options.
function commonLast<Item extends Command | Option>(
  all: Item[],
  visible: Item[],
  groupOf: (item: Item) => string,
): Map<string, Item[]> {
  const groups = new Help().groupItems(all, visible, groupOf)
  const common = groups.get(commonHeading)
  groups.delete(commonHeading)
  if (common) groups.set(commonHeading, common)
  return groups
}

function oneLine(text: string): string {
  const line = text.trim().replace(/\s*\n\s*/g, ' ')
  return /[.?!)]$/.test(line) ? line : `${line}.`
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}
