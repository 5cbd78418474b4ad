/** Says on standard error what is being measured; standard output holds the tables only. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`)
}
