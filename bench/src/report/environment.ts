import { readFileSync } from 'node:fs'
import os from 'node:os'

export interface Environment {
  /** UTC, `YYYY-MM-DD`. */
  readonly date: string
  readonly command: string
  readonly machine: string
  /** Before the run: processes that wanted a core, on average over a minute. */
  readonly load: number
  readonly versions: Readonly<Record<string, string>>
}

interface PackageJson {
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/** Where and with what a run was made. */
export function describeEnvironment(command: string, load: number): Environment {
  const cpus = os.cpus()
  const memoryGiB = Math.round(os.totalmem() / 2 ** 30)
  return {
    date: new Date().toISOString().slice(0, 10),
    command,
    machine: `${cpus.length} × ${cpus[0]?.model ?? 'unknown'}, ${memoryGiB} GiB, ${os.type()} ${os.arch()}`,
    load,
    versions: {
      'Node.js': process.versions.node,
      OpenSSL: process.versions.openssl,
      countersign: readPackage('../../../packages/auth/package.json').version,
      '@countersign/verify': readPackage('../../../packages/verify/package.json').version,
      ...readPackage('../../package.json').dependencies,
    },
  }
}

function readPackage(path: string): PackageJson {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as PackageJson
}
