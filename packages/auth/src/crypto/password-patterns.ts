// Where fingers walk: alphabet, digits, the rows of common keyboards, and columns of QWERTY.
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '!@#$%^&*()',
]

const steps = new Set(rows.flatMap((row) => neighbours(row).flatMap(([a, b]) => [a + b, b + a])))

const shortestWalk = 3
const longestUnit = 4

/**
 * How many characters of a text are not part of a walk: three or more in a row of which each is
 * the same as the one before, or its neighbour in the alphabet or on a keyboard.
 *
 * @param text In lower case.
 */
export function charactersOutsideSequences(text: string): number {
  let outside = 0
  let walk: string[] = []
  for (const character of text) {
    if (!isStep(walk.at(-1), character)) {
      outside += charactersIfShort(walk)
      walk = []
    }
    walk.push(character)
  }
  return outside + charactersIfShort(walk)
}

/** Whether a text is one unit of up to four characters over and over, or two characters mixed. */
export function isRepetition(text: string): boolean {
  const characters = Array.from(text)
  if (new Set(characters).size <= 2) return true
  return Array.from({ length: longestUnit }, (_, index) => index + 1).some((unit) =>
    characters.every((character, index) => character === characters[index % unit]),
  )
}

function isStep(from: string | undefined, to: string): boolean {
  return from === to || steps.has(`${from}${to}`)
}

function charactersIfShort(walk: readonly string[]): number {
  return walk.length < shortestWalk ? walk.length : 0
}

function neighbours(row: string): [string, string][] {
  return Array.from(row.slice(1), (character, index) => [row.charAt(index), character])
}
