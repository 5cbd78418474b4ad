/**
 * Shows what is under way and for how many seconds. On a terminal the line counts up and is
 * wiped at the end. Elsewhere lines cannot be rewritten: there comes one every fifteen seconds.
 *
 * @template Result
 * @param {string} label
 * @param {() => Promise<Result>} work
 * @returns {Promise<{ result: Result, seconds: number }>}
 */
export async function withProgress(label, work) {
  const { stderr } = process
  const startedAt = performance.now()
  const seconds = () => (performance.now() - startedAt) / 1000
  const show = () => {
    const line = `${label} … ${seconds().toFixed(0)} s`
    stderr.write(stderr.isTTY ? `\r\u001B[K${line}` : `${line}\n`)
  }
  if (stderr.isTTY) show()
  const timer = setInterval(show, stderr.isTTY ? 1000 : 15_000)
  try {
    return { result: await work(), seconds: seconds() }
  } finally {
    clearInterval(timer)
    if (stderr.isTTY) stderr.write('\r\u001B[K')
  }
}
