/** How the value of an option looks, in code and as text. */
export interface OptionKind {
  /** Ends the sentence "… must be". */
  readonly accepts: string
  /** Whether a value given in code will do. */
  readonly isValid: (value: unknown) => boolean
  /** Reads the text of an environment variable; `undefined` when it is not of this kind. */
  readonly fromText: (text: string) => unknown
}

/** Text that a rule of its own accepts. */
export function textThat(accepts: string, isValid: (value: string) => boolean): OptionKind {
  return {
    accepts,
    isValid: (value) => typeof value === 'string' && isValid(value),
    fromText: (text) => text,
  }
}

/** One of some words. */
export function oneOf(...words: readonly string[]): OptionKind {
  return textThat(`one of ${words.join(', ')}`, (value) => words.includes(value))
}

/** A whole number in a range. */
export function integer(min: number, max: number): OptionKind {
  return {
    accepts: `a whole number from ${min} to ${max}`,
    isValid: (value) => isIntegerIn(value, min, max),
    fromText: (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
  }
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** A length of time: whole seconds in code, such as `15m` or `7d` in text. */
export function duration(min: string, max: string): OptionKind {
  const from = readDuration(min)
  const to = readDuration(max)
  return {
    accepts: `a duration from ${min} to ${max} (in code: ${from} to ${to} seconds)`,
    isValid: (value) => isIntegerIn(value, from, to),
    fromText: readDuration,
  }
}

/** A list of texts; separated by commas in text. */
export function listOf(accepts: string, isValid: (item: string) => boolean): OptionKind {
  return {
    accepts,
    isValid: (value) =>
      Array.isArray(value) && value.every((item) => typeof item === 'string' && isValid(item)),
    fromText: (text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
  }
}

function isIntegerIn(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max
}

function readDuration(text: string): number {
  const [, amount, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  return amount && unit ? Number(amount) * (unitSeconds[unit] ?? Number.NaN) : Number.NaN
}
