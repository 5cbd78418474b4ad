import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'
import { toIsoTime } from '../base/time.ts'
import {
  createServiceClient,
  deleteServiceClient,
  rotateClientSecret,
  setClientStatus,
} from '../clients/administer-clients.ts'
import { parseMember, text } from '../http/validation.ts'
import type { ServiceClient } from '../model/service-client.ts'
import { databaseCommand, examples, newCommand } from './new-command.ts'
import { printFields, printJson, printJsonList, printLine, printTable } from './print.ts'
import { wordNotFound } from './refusal.ts'
import type { Column } from './table.ts'
import { type DatabaseFlags, withAdministration } from './with-administration.ts'

/** `countersign clients`. */
export function clientsCommand(): Command {
  return newCommand('clients')
    .description('Show and make service clients: programs that call in their own name.')
    .addCommand(listCommand())
    .addCommand(createCommand())
    .addCommand(rotateCommand())
    .addCommand(statusCommand('disable', 'disabled', 'Disable a client. Its access tokens die.'))
    .addCommand(
      statusCommand('enable', 'active', 'Enable a client: it may ask for access tokens again.'),
    )
    .addCommand(deleteCommand())
}

const columns: readonly Column<ServiceClient>[] = [
  { heading: 'CLIENT', text: ({ id }) => id },
  { heading: 'NAME', text: ({ name }) => name },
  { heading: 'STATUS', text: ({ status }) => status },
  { heading: 'SCOPES', text: ({ scopes }) => scopes.join(' ') },
  { heading: 'CREATED', text: ({ createdAt }) => toIsoTime(createdAt) },
]

function listCommand(): Command {
  return databaseCommand('list')
    .description('List service clients, oldest first.')
    .addHelpText('after', examples('countersign clients list'))
    .action((flags: DatabaseFlags) =>
      withAdministration(flags, async ({ stores }) => {
        const clients = await stores.clients.list()
        if (flags.json) await printJsonList('clients', [clients.map(toAnswer)])
        else await printTable({ columns, none: 'No service clients.' }, [clients])
      }),
    )
}

interface CreateFlags extends DatabaseFlags {
  readonly jwks?: string
}

const newClient = z.strictObject({
  name: text({ max: 100 }),
  scopes: z.array(z.string().regex(/^[!#-[\]-~]{1,64}$/)).max(50),
})

function createCommand(): Command {
  return databaseCommand('create')
    .description('Make a service client. Its secret is shown this once.')
    .argument('<name>', 'for people: what it is')
    .argument('[scope...]', 'what it may do, such as revocations:read tokens:introspect')
    .option('--jwks <file>', 'Its public keys, as a JWK set, instead of a secret.')
    .addHelpText(
      'after',
      examples('countersign clients create orders revocations:read tokens:introspect'),
    )
    .action(async (name: string, scopes: string[], flags: CreateFlags) => {
      const wanted = parseMember(newClient, { name, scopes }) as z.infer<typeof newClient>
      const jwks = flags.jwks === undefined ? undefined : await readKeys(flags.jwks)
      await withAdministration(flags, async (administration) => {
        const made = await createServiceClient(administration, { ...wanted, jwks, by: 'cli' })
        await printCreated(made, flags)
      })
    })
}

async function printCreated(
  { client, secret }: { client: ServiceClient; secret: string | null },
  { json }: DatabaseFlags,
): Promise<void> {
  if (json) {
    await printJson({ ...toAnswer(client), ...(secret !== null && { clientSecret: secret }) })
    return
  }
  await printLine(
    `Created ${client.name}.${secret === null ? '' : ' The secret is shown this once:'}`,
  )
  await printFields([
    ['client id', client.id],
    ...(secret === null ? [] : [['client secret', secret] as const]),
    ['scopes', client.scopes.join(' ')],
  ])
}

async function readKeys(path: string): Promise<JSONWebKeySet> {
  return JSON.parse(await readFile(path, 'utf8')) as JSONWebKeySet
}

function rotateCommand(): Command {
  return databaseCommand('rotate-secret')
    .description('Give a client another secret. The one before is good for nothing at once.')
    .argument('<client>', 'its id')
    .addHelpText('after', examples('countersign clients rotate-secret cli_1cK7vUwKQ3yHc0oXbQhYzA'))
    .action((clientId: string, flags: DatabaseFlags) =>
      withAdministration(flags, async (administration) => {
        const clientSecret = await rotateClientSecret(administration, {
          clientId,
          by: 'cli',
        }).catch(wordNotFound(`There is no service client ${clientId}.`))
        if (flags.json) await printJson({ clientId, clientSecret })
        else await printLine(`The new secret of ${clientId}, shown this once: ${clientSecret}`)
      }),
    )
}

function statusCommand(name: string, status: ServiceClient['status'], what: string): Command {
  return databaseCommand(name)
    .description(what)
    .argument('<client>', 'its id')
    .addHelpText('after', examples(`countersign clients ${name} cli_1cK7vUwKQ3yHc0oXbQhYzA`))
    .action((clientId: string, flags: DatabaseFlags) =>
      withAdministration(flags, async (administration) => {
        await setClientStatus(administration, { clientId, status, by: 'cli' }).catch(
          wordNotFound(`There is no service client ${clientId}.`),
        )
        if (flags.json) await printJson({ changed: { clientId, status } })
        else await printLine(`${clientId} is ${status}.`)
      }),
    )
}

function deleteCommand(): Command {
  return databaseCommand('delete')
    .description('Delete a client. Its access tokens die.')
    .argument('<client>', 'its id')
    .addHelpText('after', examples('countersign clients delete cli_1cK7vUwKQ3yHc0oXbQhYzA'))
    .action((clientId: string, flags: DatabaseFlags) =>
      withAdministration(flags, async (administration) => {
        await deleteServiceClient(administration, { clientId, by: 'cli' }).catch(
          wordNotFound(`There is no service client ${clientId}.`),
        )
        if (flags.json) await printJson({ deleted: { clientId } })
        else await printLine(`Deleted ${clientId}.`)
      }),
    )
}

function toAnswer({ id, name, scopes, status, createdAt }: ServiceClient) {
  return { clientId: id, name, scopes, status, createdAt: toIsoTime(createdAt) }
}
