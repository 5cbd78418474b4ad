import type { Command } from 'commander'
import { z } from 'zod'
import { openAccounts } from '../../app/administration.ts'
import { toAdminUserAnswer } from '../../features/answers.ts'
import { emailField, nameField, roleNameField, usernameField } from '../../features/schemas.ts'
import { parseMember } from '../../http/validation.ts'
import { createUser } from '../../users/create-user.ts'
import { replacePassword } from '../../users/replace-password.ts'
import { getNamedUser } from '../named-user.ts'
import { databaseCommand, examples, userArgument } from '../new-command.ts'
import { readNewPassword } from '../new-password.ts'
import { printJson, printLine } from '../print.ts'
import { Refusal } from '../refusal.ts'
import { type DatabaseFlags, withAdministration } from '../with-administration.ts'

// Whose work the hashing is: of this process it is the only one.
const network = 'cli'

interface PasswordFlags extends DatabaseFlags {
  readonly password?: string
}

interface CreateFlags extends PasswordFlags {
  readonly email: string
  readonly username?: string
  readonly name?: string
  readonly role?: string[]
}

const userSchema = z.strictObject({
  email: emailField,
  username: usernameField.optional(),
  name: nameField.optional(),
  roles: z.array(roleNameField).max(32),
})

/** The only way to make the first administrator. */
export function createCommand(): Command {
  return passwordCommand('create')
    .description('Create a user.')
    .requiredOption('--email <address>', 'E-mail address.')
    .option('--username <username>', '3 to 32 of a-z 0-9 . _ -')
    .option('--name <name>', 'Name, as people write it.')
    .option('--role <role>', 'A role to give; may be repeated.', collect)
    .addHelpText(
      'after',
      examples(
        'countersign users create --email ada@example.com --role admin',
        'pass show ada | countersign users create --email ada@example.com --name "Ada Lovelace"',
      ),
    )
    .action((flags: CreateFlags) => create(flags))
}

export function setPasswordCommand(): Command {
  return passwordCommand('set-password')
    .description('Give a user another password. They are signed out everywhere.')
    .argument('<user>', userArgument)
    .addHelpText('after', examples('countersign users set-password ada@example.com'))
    .action((name: string, flags: PasswordFlags) => setPassword(name, flags))
}

function passwordCommand(name: string): Command {
  return databaseCommand(name).option(
    '--password <password>',
    'The password. Better left out: others see it in the list of processes. Without it, or with -, it is asked for or read from standard input.',
  )
}

async function create(flags: CreateFlags): Promise<void> {
  const { email, username, name, role: roles = [] } = flags
  parseMember(userSchema, { email, username, name, roles })
  await withAdministration(flags, async (administration) => {
    const password = await readNewPassword(flags.password)
    const accounts = await openAccounts(administration)
    const user = await createUser(
      { ...administration, ...accounts },
      {
        email,
        password,
        username: username ?? null,
        name: name ?? null,
        roles,
        network,
        by: 'cli',
      },
    )
    if (flags.json) await printJson({ user: toAdminUserAnswer(user) })
    else await printLine(`Created ${user.email} (${user.id}).`)
  })
}

async function setPassword(name: string, flags: PasswordFlags): Promise<void> {
  await withAdministration(flags, async (administration) => {
    const user = await getNamedUser(administration, name)
    const newPassword = await readNewPassword(flags.password)
    const accounts = await openAccounts(administration)
    const changed = await replacePassword(
      { ...administration, ...accounts },
      { user, newPassword, client: { network }, by: 'cli' },
    )
    if (!changed) throw new Refusal(`${user.email} was changed at the same time. Try again.`)
    if (flags.json) await printJson({ user: toAdminUserAnswer(changed) })
    else await printLine(`Changed the password of ${changed.email}. Their sessions have ended.`)
  })
}

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value]
}
