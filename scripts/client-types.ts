// Writes the types of the client from the OpenAPI document of the authority.

import { writeFileSync } from 'node:fs'
import { apiTypes, apiTypesPath } from './client/api-types.ts'

writeFileSync(apiTypesPath, apiTypes())
console.error('Wrote the types of the client.')
