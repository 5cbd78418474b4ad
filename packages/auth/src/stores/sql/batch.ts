/** How calls are put together into statements. */
export interface Batching<Input, Output> {
  /** Of two calls with one key, the second goes into a later statement. */
  keyOf(input: Input): string
  /** Answers each call, in their order, at most `maxBatch` of them. A failure is every caller's. */
  run(inputs: readonly Input[]): Promise<readonly Output[]>
}

interface Call<Input, Output> {
  readonly input: Input
  readonly resolve: (output: Output) => void
  readonly reject: (error: unknown) => void
}

/** More would make the first of them wait for little gain. */
const maxBatch = 16

/** A statement that takes longer waits for something; others need not wait with it. */
const slowMs = 20

/**
 * Runs calls that come while a statement is on its way together in the next: one message to the
 * database, one answer and one commit for all of them. At a quiet time a call is sent at once
 * and alone.
 */
export function batched<Input, Output>(
  batching: Batching<Input, Output>,
): (input: Input) => Promise<Output> {
  let waiting: Call<Input, Output>[] = []
  let isBusy = false

  function sendNext(): void {
    const { taken, left } = takeDistinct(waiting, batching)
    waiting = left
    isBusy = taken.length > 0
    if (isBusy) void send(taken)
  }

  async function send(calls: readonly Call<Input, Output>[]): Promise<void> {
    const next = once(sendNext)
    const slow = setTimeout(next, slowMs)
    await answer(batching, calls)
    clearTimeout(slow)
    next()
  }

  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject })
      if (!isBusy) sendNext()
    })
}

async function answer<Input, Output>(
  { run }: Batching<Input, Output>,
  calls: readonly Call<Input, Output>[],
): Promise<void> {
  try {
    const outputs = await run(calls.map(({ input }) => input))
    for (const [index, call] of calls.entries()) call.resolve(outputs[index] as Output)
  } catch (error) {
    for (const call of calls) call.reject(error)
  }
}

/** The calls that have waited longest, no two of one key. */
function takeDistinct<Input, Output>(
  calls: readonly Call<Input, Output>[],
  { keyOf }: Batching<Input, Output>,
): { taken: Call<Input, Output>[]; left: Call<Input, Output>[] } {
  const taken = new Map<string, Call<Input, Output>>()
  const left: Call<Input, Output>[] = []
  for (const call of calls) {
    const key = keyOf(call.input)
    if (taken.size < maxBatch && !taken.has(key)) taken.set(key, call)
    else left.push(call)
  }
  return { taken: [...taken.values()], left }
}

function once(action: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    action()
  }
}

/**
 * Statements for any number of rows, compiled once for each power of two: a database plans each
 * text anew, and Kysely compiles longer than SQLite runs.
 */
export function compiledBySize<Query>(compile: (size: number) => Query): {
  for(count: number): { query: Query; size: number }
} {
  const compiled = new Map<number, Query>()
  return {
    for(count) {
      const size = 2 ** Math.ceil(Math.log2(count))
      const query = compiled.get(size) ?? compile(size)
      compiled.set(size, query)
      return { query, size }
    },
  }
}
