/** Prints problems, one a line, and lets the process exit with 1 if there are any. */
export function reportProblems(problems: readonly string[]): void {
  for (const problem of problems) console.log(problem)
  if (problems.length > 0) process.exitCode = 1
}
