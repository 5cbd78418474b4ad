import {
  type FirebaseHashConfig,
  formatFirebaseHash,
} from '../../../crypto/imported-hash/firebase-scrypt.ts'
import { readImportedHash } from '../../../crypto/imported-hash/imported-hash.ts'
import { Refusal } from '../../refusal.ts'

/**
 * Reads the hash parameters of a Firebase project as its console shows them:
 * `hash_config { algorithm: SCRYPT, base64_signer_key: …, … }`.
 *
 * @throws {Refusal} One is missing, or they are none of Firebase's.
 */
export function parseFirebaseConfig(text: string): FirebaseHashConfig {
  const config = {
    signerKey: parameter(text, 'base64_signer_key'),
    saltSeparator: parameter(text, 'base64_salt_separator'),
    rounds: Number(parameter(text, 'rounds')),
    memCost: Number(parameter(text, 'mem_cost')),
  }
  const sample = formatFirebaseHash(config, { salt: 'AAAA', passwordHash: config.signerKey })
  const read = readImportedHash(sample)
  if ('hash' in read) return config
  throw new Refusal(`The Firebase hash parameters cannot be used. ${read.problem}`)
}

function parameter(text: string, name: string): string {
  const [, value] = new RegExp(`\\b${name}["']?\\s*[:=]\\s*["']?([\\w+/=-]+)`).exec(text) ?? []
  if (value !== undefined) return value
  throw new Refusal(
    `The file of --firebase-hash-config holds no ${name}. Copy it from the console: Authentication, Users, Password hash parameters.`,
  )
}
