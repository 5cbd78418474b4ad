import type { SeededRandom } from './seeded-random.ts'
import type { TokenForge } from './token-forge.ts'

/** A token changed as text: its signature does not fit any more, or should not. */
export function mutateText(token: string, other: string, random: SeededRandom): string {
  return random.pick(textMutations)(token, { other, random })
}

/** A genuine token with a header that is odd in one way. */
export function mutateHeader(forge: TokenForge, random: SeededRandom): string {
  const header = forge.header() as Json
  return forge.token({ header: mutateJson(header, oddHeader(forge, random), random) })
}

/** A genuine token with claims that are odd in one way. */
export function mutateClaims(forge: TokenForge, random: SeededRandom): string {
  const claims = forge.claims() as Json
  return forge.token({ payload: mutateJson(claims, oddClaims(forge, random), random) })
}

type Json = Readonly<Record<string, unknown>>
type TextMutation = (token: string, from: { other: string; random: SeededRandom }) => string

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const letters = alphabet.split('')
const odd = ' \n\t\r=.+/%*~\u0000\u007fé\u0141\u200b\u2028\ufeff'
  .split('')
  .concat('==', '..', '\ud800')

const textMutations: readonly TextMutation[] = [
  (token, { random }) => replaceAt(token, random, random.pick(letters)),
  (token, { random }) => replaceAt(token, random, random.pick(odd)),
  (token, { random }) => insertAt(token, random, random.pick(odd)),
  (token, { random }) => insertAt(token, random, random.pick(letters)),
  (token, { random }) => replaceAt(token, random, ''),
  (token, { random }) => token.slice(0, random.below(token.length)),
  (token, { random }) => token.slice(random.below(token.length)),
  (token, { random }) => random.pick(odd) + token,
  (token, { random }) => token + random.pick([...odd, ...letters]),
  (token, { random }) => changePart(token, random, (part) => part + random.pick(odd)),
  (token, { random }) => changePart(token, random, withStrayBits),
  (token, { random }) => changePart(token, random, (part) => part + part),
  (token, { random }) => changePart(token, random, () => ''),
  (token, { random }) => changePart(token, random, (part) => part.toLowerCase()),
  (token, { random }) => changePart(token, random, (part) => part.replaceAll('-', '+')),
  (token, { random }) => changePart(token, random, (part) => part.replaceAll('_', '/')),
  (token, { random, other }) => {
    const index = random.below(3)
    return token
      .split('.')
      .with(index, other.split('.')[index] ?? '')
      .join('.')
  },
  (token) => token.split('.').toReversed().join('.'),
  (token) => withOtherS(token),
  (token) => token,
]

function replaceAt(text: string, random: SeededRandom, by: string): string {
  const at = random.below(text.length)
  return text.slice(0, at) + by + text.slice(at + 1)
}

function insertAt(text: string, random: SeededRandom, more: string): string {
  const at = random.below(text.length)
  return text.slice(0, at) + more + text.slice(at)
}

function changePart(token: string, random: SeededRandom, change: (part: string) => string): string {
  const parts = token.split('.')
  const index = random.below(parts.length)
  return parts.with(index, change(parts[index] ?? '')).join('.')
}

/** Sets bits of the last character that decoding leaves out. */
function withStrayBits(part: string): string {
  if (part.length % 4 === 0) return part
  return part.slice(0, -1) + alphabet.charAt(alphabet.indexOf(part.slice(-1)) | 1)
}

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** ES256 has two signatures for each: s and n − s. */
function withOtherS(token: string): string {
  const signature = Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url')
  if (signature.length !== 64) return token
  const s = BigInt(`0x${signature.toString('hex', 32)}`)
  const otherS = (order - s).toString(16).padStart(64, '0')
  const other = Buffer.concat([signature.subarray(0, 32), Buffer.from(otherS, 'hex')])
  return token.replace(/[^.]+$/, other.toString('base64url'))
}

const oddValues: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  1e21,
  '',
  'x',
  ' ',
  '\ud800',
  'é',
  '1800000000',
  [],
  [null],
  [''],
  ['x'],
  ['x', 7],
  {},
  { a: [1] },
]

function oddHeader({ algorithm }: TokenForge, random: SeededRandom): Json {
  const alg = ['none', 'HS256', 'ES256', 'RS256', 'PS256', 'EdDSA', 'Ed25519', 'ES512', algorithm]
  const spellings = [algorithm.toLowerCase(), `${algorithm} `, `${algorithm}\u0000`]
  return random.pick<Json>([
    { alg: random.pick([...alg, ...spellings, ...oddValues]) },
    { typ: random.pick(['AT+JWT', 'application/at+jwt', 'JWT', 'at+jwt ', ...oddValues]) },
    { kid: random.pick(['key-2', 'KEY-1', undefined, ...oddValues]) },
    { crit: random.pick([['b64'], ['exp'], ...oddValues]) },
    { b64: random.pick([true, false, ...oddValues]) },
    { crit: ['b64'], b64: random.pick([true, false]) },
    {
      [random.pick(['jwk', 'jku', 'x5u', 'x5c', 'x5t', 'cty', 'zip', 'enc'])]:
        random.pick(oddValues),
    },
    { padding: 'x'.repeat(random.below(4000)) },
  ])
}

function oddClaims({ clock }: TokenForge, random: SeededRandom): Json {
  const now = clock.time
  const steps = [-86_401, -601, -6, -5, -4, -1, 0, 1, 5, 6, 600, 3600, 86_400, 86_401, 1e9]
  const time = () => random.pick<unknown>([now + random.pick(steps), now * 1000, now + 0.5])
  const value = () => random.pick(oddValues)
  const text = ['iss', 'sub', 'jti', 'client_id', 'sid', 'acr', 'scope', 'email']
  const lists = ['roles', 'permissions', 'amr']
  const issuer = 'https://issuer.test'
  const audience = 'https://api.test'
  return random.pick<Json>([
    {
      [random.pick(['exp', 'iat', 'nbf', 'auth_time'])]: random.pick([time(), value(), undefined]),
    },
    { iat: time(), exp: time(), nbf: time() },
    { [random.pick(text)]: random.pick([value(), undefined]) },
    { [random.pick(lists)]: value() },
    { iss: random.pick<unknown>([`${issuer}/`, issuer.toUpperCase(), [issuer], { issuer }]) },
    {
      aud: random.pick<unknown>([
        [audience],
        ['x', audience],
        [audience, 7],
        [[audience]],
        value(),
      ]),
    },
    { tv: value() },
    { cnf: random.pick<unknown>([{ jkt: 'x' }, value()]) },
    { padding: 'x'.repeat(random.below(8000)) },
  ])
}

/** The JSON text of an object with one member changed, at times in an odd spelling. */
function mutateJson(good: Json, change: Json, random: SeededRandom): string | Buffer {
  const text = JSON.stringify({ ...good, ...change })
  const inner = text.slice(1, -1)
  const name = random.pick(Object.keys(good))
  const deep = random.below(40)
  return random.pick<() => string | Buffer>([
    () => text,
    () => text,
    () => text,
    () => text,
    () => JSON.stringify({ ...good, ...change }, null, random.below(4)),
    () => `\ufeff${text}`,
    () => `${random.pick([' ', '\n', '\t', '\u00a0', '\u0000', '//'])}${text}`,
    () => `${text}${random.pick([' ', '\n', '}', ',', '\u0000'])}`,
    () => `{${inner},${JSON.stringify(name)}:${JSON.stringify(random.pick(oddValues))}}`,
    () => `{${JSON.stringify(name)}:${JSON.stringify(random.pick(oddValues))},${inner}}`,
    () => `{${inner},"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}":"x"}`,
    () => `{${inner},"__proto__":{"admin":true}}`,
    () => `{${inner},"deep":${'['.repeat(deep)}${']'.repeat(deep)}}`,
    () => text.replace(/:(\d{6,})/, random.pick([':1e400', ':$1.0', ':$1e0', ':-$1', ':0$1'])),
    () =>
      Buffer.concat([Buffer.from(`{"x":"`), Buffer.from([0xc3, 0x28]), Buffer.from(`",${inner}}`)]),
    () => Buffer.from(text, 'utf16le'),
    () => JSON.stringify([good]),
    () => JSON.stringify(text),
    () => inner,
  ])()
}
