/** What leaks may look like: thirty secrets of the kinds that are about, twelve ways to write them, five ways to tear them. */
import { hash } from 'node:crypto'

/** The same everywhere, and nobody's. */
function random(seed: string, length: number, alphabet: string): string {
  let made = ''
  for (let round = 0; made.length < length; round += 1)
    for (const byte of hash('sha512', `${seed} ${round}`, 'buffer'))
      if (byte < 256 - (256 % alphabet.length)) made += alphabet[byte % alphabet.length]
  return made.slice(0, length)
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const LETTERS = `${LOWER}${LOWER.toUpperCase()}0123456789`
const BASE64 = `${LETTERS}+/`
const URL_SAFE = `${LETTERS}-_`
const HEX = '0123456789abcdef'
const SIGNS = `${LETTERS}!$%()*,.:;=?@^~`

const pem = (seed: string, name: string, length: number): string =>
  [
    `-----BEGIN ${name}-----`,
    ...(random(seed, length, BASE64).match(/.{1,64}/g) ?? []),
    `-----END ${name}-----`,
  ].join('\n')

/** Each long enough that half of it is still a window. */
export const SECRETS: readonly string[] = [
  `ghp_${random('ghp', 36, LETTERS)}`,
  `gho_${random('gho', 36, LETTERS)}`,
  `ghu_${random('ghu', 36, LETTERS)}`,
  `ghs_${random('ghs', 36, LETTERS)}`,
  `ghs_1234567_eyJ${random('ghs-new', 480, URL_SAFE)}`,
  `github_pat_${random('pat', 22, LETTERS)}_${random('pat2', 59, LETTERS)}`,
  `sk-ant-api03-${random('anthropic', 93, URL_SAFE)}AA`,
  `sk-ant-oat01-${random('oauth', 93, URL_SAFE)}AA`,
  `sk-proj-${random('openai', 120, URL_SAFE)}`,
  `sk-${random('openai-old', 48, LETTERS)}`,
  `AIza${random('google', 35, URL_SAFE)}`,
  `ya29.${random('google-oauth', 120, URL_SAFE)}`,
  `GOCSPX-${random('google-client', 28, URL_SAFE)}`,
  `xoxb-${random('slack', 12, '0123456789')}-${random('slack2', 24, LETTERS)}`,
  `npm_${random('npm', 36, LETTERS)}`,
  `pypi-AgEIcHlwaS5vcmc${random('pypi', 100, URL_SAFE)}`,
  `glpat-${random('gitlab', 30, URL_SAFE)}`,
  `sk_live_${random('stripe', 40, LETTERS)}`,
  `hf_${random('hf', 34, LETTERS)}`,
  `SG.${random('sendgrid', 22, URL_SAFE)}.${random('sendgrid2', 43, URL_SAFE)}`,
  random('aws', 40, BASE64),
  random('webhook', 64, HEX),
  random('azure', 88, BASE64),
  random('uuid', 36, `${HEX}-`),
  random('password', 40, SIGNS),
  random('signs', 64, SIGNS),
  `eyJhbGciOiJSUzI1NiJ9.${random('claims', 80, URL_SAFE)}.${random('jwt', 120, URL_SAFE)}`,
  pem('rsa', 'RSA PRIVATE KEY', 1_592),
  pem('pkcs8', 'PRIVATE KEY', 1_624),
  pem('ssh', 'OPENSSH PRIVATE KEY', 1_720),
]

const bytes = (text: string): Buffer => Buffer.from(text)
const each = (text: string, how: (code: number) => string): string =>
  [...bytes(text)].map(how).join('')
const hex = (code: number, width = 2): string => code.toString(16).padStart(width, '0')
const ZERO_WIDTH = ['\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad']

export interface Disguise {
  readonly name: string
  readonly write: (text: string) => string
  /** Characters of it that say sixteen of the secret. */
  readonly window: number
}

/** As base64 of something longer, in which it stands at that offset. */
const base64At = (offset: number): Disguise => ({
  name: `base64, offset ${offset}`,
  write: (text) => bytes(`${'#'.repeat(offset)}${text}`).toString('base64'),
  window: 24,
})

export const DISGUISES: readonly Disguise[] = [
  { name: 'raw', write: (text) => text, window: 16 },
  base64At(0),
  base64At(1),
  base64At(2),
  { name: 'base64url', write: (text) => bytes(text).toString('base64url'), window: 24 },
  { name: 'hex', write: (text) => bytes(text).toString('hex').toUpperCase(), window: 32 },
  { name: 'URL', write: (text) => each(text, (code) => `%${hex(code)}`), window: 48 },
  { name: 'JSON', write: (text) => each(text, (code) => `\\u${hex(code, 4)}`), window: 96 },
  { name: 'reversed', write: (text) => Array.from(text).toReversed().join(''), window: 16 },
  {
    name: 'zero-width',
    write: (text) => Array.from(text, (one, at) => `${one}${ZERO_WIDTH[at % 5]}`).join(''),
    window: 32,
  },
  { name: 'in lines', write: (text) => text.match(/[^]{1,5}/g)?.join('\n') ?? '', window: 19 },
  { name: 'entities', write: (text) => each(text, (code) => `&#x${hex(code)};`), window: 96 },
]

/** A key's frame and first line, and a signed token's header, are the same for everybody: alone they tell nothing. */
const insideOf = (text: string): string =>
  text.startsWith('-----')
    ? text.split('\n').slice(2, -1).join('\n')
    : text.replace(/^eyJ[^.]*\./, '')
const halfOf = (text: string): number => Math.ceil(text.length / 2)
/** Its own lines, or lines of the length that a narrow page has. */
const linesOf = (text: string): readonly string[] =>
  text.includes('\n') ? text.split('\n') : (text.match(/.{1,17}/g) ?? [])

export const TEARS: Readonly<Record<string, (text: string) => string>> = {
  whole: (text) => text,
  'without its first seven': (text) => insideOf(text).slice(7),
  'first half': (text) => insideOf(text).slice(0, halfOf(insideOf(text))),
  'second half': (text) => insideOf(text).slice(-halfOf(insideOf(text))),
  'every second line': (text) =>
    linesOf(insideOf(text))
      .filter((_, at) => at % 2 === 0)
      .join('\n'),
}
