import { version } from '../app/version.ts'
import { auditCommand } from './audit-command.ts'
import { backupCommand } from './backup-command.ts'
import { clientsCommand } from './clients-command.ts'
import { doctorCommand } from './doctor/doctor-command.ts'
import { keysCommand } from './keys-command.ts'
import { migrateCommand } from './migrate-command.ts'
import { newCommand } from './new-command.ts'
import { rolesCommand } from './roles-command.ts'
import { runProgram } from './run-program.ts'
import { serveCommand } from './serve-command.ts'
import { sessionsCommand } from './sessions-command.ts'
import { usersCommand } from './users/users-command.ts'

const program = newCommand('countersign')
  .description('JWT authentication and authorization for Node.js back ends.')
  .version(version, '-V, --version', 'Show the version.')
  .addCommand(serveCommand())
  .addCommand(migrateCommand())
  .addCommand(backupCommand())
  .addCommand(doctorCommand())
  .addCommand(usersCommand())
  .addCommand(sessionsCommand())
  .addCommand(rolesCommand())
  .addCommand(clientsCommand())
  .addCommand(keysCommand())
  .addCommand(auditCommand())

await runProgram(program)
