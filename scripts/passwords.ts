// Writes the list of common passwords that new passwords are held against. Takes a few seconds.

import { writeFileSync } from 'node:fs'
import { commonPasswordsModule, outputPath } from './passwords/common-passwords.ts'

writeFileSync(outputPath, commonPasswordsModule())
console.error('Wrote the list of common passwords.')
