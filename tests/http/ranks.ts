/**
 * By how many standard deviations two samples differ in rank (Mann–Whitney U, normal
 * approximation): near 0 for equal distributions, positive when the second is larger. Says
 * nothing of how much larger: a single slow value counts no more than any other.
 */
export function rankDifference(first: readonly number[], second: readonly number[]): number {
  const wins = first.flatMap((a): number[] => second.map((b) => (Math.sign(b - a) + 1) / 2))
  const u = wins.reduce((sum, win) => sum + win, 0)
  const pairs = first.length * second.length
  const deviation = Math.sqrt((pairs * (first.length + second.length + 1)) / 12)
  return (u - pairs / 2) / deviation
}
