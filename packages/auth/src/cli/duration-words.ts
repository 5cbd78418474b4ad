import { secondsPerDay, secondsPerHour, secondsPerMinute } from '../base/time.ts'

const units: readonly (readonly [string, number])[] = [
  ['d', secondsPerDay],
  ['h', secondsPerHour],
  ['min', secondsPerMinute],
  ['s', 1],
]

/** A length of time in its two largest units, rounded down: `6 min 10 s`. */
export function inWords(seconds: number): string {
  const largest = units.findIndex(([, size]) => seconds >= size)
  const [first, second] = largest < 0 ? [['s', 1] as const] : units.slice(largest)
  if (!first) return ''
  const [name, size] = first
  const words = `${Math.floor(seconds / size)} ${name}`
  const rest = second ? Math.floor((seconds % size) / second[1]) : 0
  return second && rest > 0 ? `${words} ${rest} ${second[0]}` : words
}
