// Controls could move the cursor or retitle the terminal; format characters could make text
// look like other text, by turning its direction or by taking no room.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu

/** Text of somebody else's, safe to show on one line of a terminal. */
export function printable(text: string): string {
  return text.replace(unprintable, '\u{FFFD}')
}

/** A value as JSON in which nothing but spaces and line breaks acts on a terminal. */
export function printableJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent)
  return text.replace(unprintable, (character) =>
    character === '\n' ? character : escape(character),
  )
}

// JSON escapes by UTF-16 units (RFC 8259 §7).
function escape(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
