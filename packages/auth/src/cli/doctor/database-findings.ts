import { statSync } from 'node:fs'
import { adminRole } from '../../model/role.ts'
import type { Stores } from '../../model/stores.ts'
import type { SqlInspection } from '../../stores/sql/inspect-sql.ts'
import { errorAbout, type Finding, warningAbout } from './report.ts'

const shownDamages = 3
const openToOthers = 0o007

export function noDatabase(url: string): Finding {
  return warningAbout(
    'database',
    `There is no database at ${pathOf(url)} yet. The server makes it when it starts.`,
  )
}

/** What is wrong with the database itself. */
export function databaseFindings(
  url: string,
  { damages, journalMode, pendingSteps }: Omit<SqlInspection, 'stores'>,
): Finding[] {
  return [
    ...damageFindings(damages),
    ...(url.startsWith('sqlite:') ? openFile(pathOf(url)) : []),
    ...(journalMode === null || journalMode === 'wal'
      ? []
      : [
          warningAbout(
            'database',
            `The database is in journal mode ${journalMode}: readers wait for the writer. The server sets wal when it starts.`,
          ),
        ]),
    ...(pendingSteps.length === 0
      ? []
      : [
          warningAbout(
            'database',
            `The database is not up to date (${pendingSteps.join(', ')} to do). The server or \`countersign migrate\` does it.`,
          ),
        ]),
  ]
}

/** Whether nobody could use the admin endpoints. */
export async function noAdministrator({ users }: Pick<Stores, 'users'>): Promise<Finding[]> {
  const [admin] = await users.list({ role: adminRole, status: 'active', limit: 1 })
  if (admin) return []
  const message =
    'Nobody is an administrator. Make one with: countersign users create --email <address> --role admin'
  return [warningAbout('database', message)]
}

function damageFindings(damages: readonly string[]): Finding[] {
  if (damages.length === 0) return []
  const more = damages.length > shownDamages ? ` (${damages.length} problems)` : ''
  const shown = damages.slice(0, shownDamages).join('; ')
  return [
    errorAbout('database', `The database is damaged: ${shown}${more}. Restore it from a backup.`),
  ]
}

function openFile(path: string): Finding[] {
  // Modes mean nothing on Windows: every file shows 0666.
  if (process.platform === 'win32' || !(statSync(path).mode & openToOthers)) return []
  const message = `${path} is open to every user of this machine, and holds addresses and password hashes. Run: chmod 600 ${path}`
  return [warningAbout('database', message)]
}

function pathOf(url: string): string {
  return url.slice('sqlite:'.length)
}
