import { printable } from './printable.ts'

const width = 24

/** Says on standard error how far something has come. Standard output is for results. */
export interface Progress {
  /** @param label What is under way. @param of 0: nothing to do. */
  show(label: string, done: number, of: number): void
  /** Leaves the last line as it is. */
  end(): void
}

/** On a terminal one line that changes, elsewhere a line for each thing that is done. */
export function createProgress(): Progress {
  const isTerminal = process.stderr.isTTY
  let wasShown = ''
  return {
    show(label, done, of) {
      const isDone = done >= of
      if (!isTerminal && !isDone) return
      const line = isTerminal ? barLine(label, done, of) : `${printable(label)}\t${done}`
      if (line === wasShown) return
      wasShown = line
      process.stderr.write(isTerminal ? `\r\u001b[K${line}` : `${line}\n`)
    },
    end() {
      if (isTerminal && wasShown !== '') process.stderr.write('\n')
    },
  }
}

function barLine(label: string, done: number, of: number): string {
  const share = of === 0 ? 1 : Math.min(done / of, 1)
  const full = Math.round(share * width)
  const bar = '█'.repeat(full) + '░'.repeat(width - full)
  return `${bar} ${String(Math.floor(share * 100)).padStart(3)} % ${printable(label)} ${done} of ${of}`
}
