import { optionList } from '../../packages/auth/src/app/option-list.ts'
import { serverDefaults } from '../../packages/auth/src/server/server-environment.ts'
import { code, markdownTable } from './table.ts'

/** What an operator may choose: the options of the authority. */
export function optionsTable(): string {
  return markdownTable(
    ['variable', 'in code', 'what', 'value', 'default'],
    optionList.map(({ variable, option, meaning, kind, standard }) => [
      code(variable),
      code(option),
      meaning,
      kind.accepts,
      standard,
    ]),
  )
}

const serverMeanings: Readonly<Record<keyof typeof serverDefaults, string>> = {
  PORT: 'port to listen on; 0 takes any',
  HOST: 'address to listen on, or `localhost`',
  TLS_CERT_FILE: 'certificate and its chain in PEM: serve https; taken up again when it changes',
  TLS_KEY_FILE: 'its private key in PEM',
  LOG_LEVEL: '`debug`, `info`, `warn`, `error` or `silent`',
  LOG_FORMAT: '`pretty` or `json`, a line per event on standard output',
}

/** What concerns `countersign serve` alone. */
export function serverTable(): string {
  return markdownTable(
    ['variable', 'what', 'default'],
    Object.entries(serverDefaults).map(([variable, standard]) => [
      code(variable),
      serverMeanings[variable as keyof typeof serverDefaults],
      standard,
    ]),
  )
}
