/** Something that can be measured once per round. */
export interface Contender<Sample> {
  readonly name: string
  readonly measure: () => Promise<Sample>
}

export interface Rounds {
  readonly rounds: number
  /** Once aborted, no further round begins. The first is always finished. */
  readonly timeIsUp: AbortSignal
}

/**
 * Measures every contender once per round and returns each one's samples, a round each.
 *
 * Every round starts with another contender: a machine that slows down, heats up or
 * wakes a neighbour does so to all of them.
 */
export async function interleave<Sample>(
  contenders: readonly Contender<Sample>[],
  { rounds, timeIsUp }: Rounds,
): Promise<Map<string, Sample[]>> {
  const samples = new Map(contenders.map(({ name }) => [name, [] as Sample[]]))
  for (let round = 0; round < rounds; round++) {
    if (round > 0 && timeIsUp.aborted) break
    for (const { name, measure } of rotated(contenders, round)) {
      samples.get(name)?.push(await measure())
    }
  }
  return samples
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}
