import { join } from 'node:path'
import { endpointsFor } from '../../packages/auth/src/app/endpoints.ts'
import { toSettings } from '../../packages/auth/src/app/settings.ts'
import { openApiDocument } from '../../packages/auth/src/http/openapi.ts'
import { root } from '../setup/run.mjs'

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly string[]
  readonly const?: string
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly description?: string
}

/** What the client knows of answers, by the names of the OpenAPI document. */
const wanted = ['TokenAnswer', 'User', 'Session'] as const

export const apiTypesPath: string = join(root, 'packages/client/src/api/api-types.ts')

/** The types of answers as the endpoints describe them. */
export function apiTypes(): string {
  const settings = toSettings({})
  const about = { basePath: settings.basePath, serverUrl: settings.issuer, version: '0' }
  const document = openApiDocument(endpointsFor(settings), about) as unknown as {
    components: { schemas: Record<string, Schema> }
  }
  const interfaces = wanted.map((name) =>
    toInterface(name, document.components.schemas[name] ?? {}),
  )
  const head = '// Written by `npm run client-types`, from the OpenAPI document of the authority.'
  return `${[head, ...interfaces].join('\n\n')}\n`
}

function toInterface(name: string, { properties = {}, required = [] }: Schema): string {
  const members = Object.entries(properties).map(([member, schema]) => {
    const comment = schema.description === undefined ? '' : `  /** ${schema.description} */\n`
    const mark = required.includes(member) ? '' : '?'
    return `${comment}  readonly ${member}${mark}: ${toType(schema)}`
  })
  return `export interface ${name} {\n${members.join('\n')}\n}`
}

function toType(schema: Schema): string {
  const { $ref, enum: words, const: word, anyOf, items, type } = schema
  if ($ref !== undefined) return $ref.split('/').at(-1) ?? 'unknown'
  if (word !== undefined) return `'${word}'`
  if (words) return words.map((each) => `'${each}'`).join(' | ')
  if (anyOf) return anyOf.map(toType).join(' | ')
  if (Array.isArray(type)) return type.map((each) => toType({ ...schema, type: each })).join(' | ')
  if (type === 'array') return `readonly ${toType(items ?? {})}[]`
  if (type === 'integer') return 'number'
  return typeof type === 'string' ? type : 'unknown'
}
