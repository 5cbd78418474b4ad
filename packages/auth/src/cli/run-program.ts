import type { Command } from 'commander'
import { describeFailure } from './failure.ts'

/** Runs the command the process was called with, and sets the exit code. */
export async function runProgram(program: Command): Promise<void> {
  process.stdout.on('error', stopWriting)
  try {
    await program.parseAsync()
  } catch (error) {
    const { lines, exitCode } = describeFailure(error)
    for (const line of lines) process.stderr.write(`${line}\n`)
    process.exitCode = exitCode
  }
}

// Whoever reads may have enough, as `head` does: that is no failure.
function stopWriting({ code }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit()
  process.stderr.write(`error: Standard output cannot be written (${code}).\n`)
  process.exit(1)
}
