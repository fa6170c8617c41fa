/** Comments that take a Markdown parser seconds or minutes, each with a command in it that no reader would see as one. */

const PIECES = [
  '> ',
  '>',
  '- ',
  '* a\n',
  'a\n-',
  '- - a\n',
  '> - ',
  '>> - ',
  '1. - ',
  '*a ',
  'a*',
  '**',
  '_',
  '`',
  '``',
  '`a``',
  '[',
  '](a)',
  '![',
  '[a](',
  '[a]: b\n',
  '[^1]',
  '[^1]: ',
  '[a][',
  '|',
  '|a',
  '\n|-|\n',
  '<',
  '<!--',
  '<a ',
  '&',
  '\\',
  '~',
  '~~a',
  '\t',
  '\n',
  '/a\n',
  '/retyr\n',
  '@yardmaster\n',
  '/yard ',
  'www.',
  'http://',
  '@a.b ',
  'a@b.c',
  '$',
  '\r',
  '\u2028/retry',
  '\u200B',
  '\u202E',
  '\u{1F469}\u200D',
] as const

/** In characters: of a few of the first a parser would make much, at the length that is still read. */
const LENGTHS = [1_900, 3_000, 20_000, 65_000] as const

const filled = (piece: string, length: number): string =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length)

/** HTML at the end, so that whatever the rest is, nothing in it may be accepted. */
const END = '\n/retry\n<br>'

export const SLOW_COMMENTS: readonly string[] = [
  ...PIECES.flatMap((piece) => LENGTHS.map((length) => `${filled(piece, length)}${END}`)),
  ...PIECES.flatMap((piece, at) =>
    [1, 2, 3, 4, 5, 6].map((step) => {
      const other = PIECES[(at + step * 7) % PIECES.length] ?? ''
      return `${filled(`${piece}${other}`, 10_000 * step)}${END}`
    }),
  ),
].map((body) => body.slice(0, 65_536))
