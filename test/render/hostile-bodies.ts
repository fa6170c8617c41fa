/** Bodies made from pieces that mean something to Markdown, GitHub or a bot, put together at random. */
import fc from 'fast-check'

const MENTIONS = [
  '@ana',
  '@',
  '\\@ana',
  '&#64;ana',
  '@org/team',
  'me@example.org',
  '<https://x.y/@ana>',
]
const COMMANDS = ['/merge', '/', '\n/approve', '\\/x', '::error::x']
const CLOSINGS = [
  'fixes #12',
  'Fixes',
  'closes:',
  'resolve',
  '#12',
  'GH-12',
  'o/r#12',
  'https://github.com/o/r/issues/5',
]
const LINES = ['\n', '\n\n', '\n  ', '\n    ', '\n\t', ' ', '\r\n']
const BLOCKS = [
  '- ',
  '* ',
  '\n- ',
  '\n1. ',
  '\n  - ',
  '\n> ',
  '>',
  '#',
  '\n# ',
  '\n## a',
  '---',
  '\n---\n',
  '\n===\n',
  '1.',
  '2)',
]
const CODE = ['`', '``', '```', '\n```\n', '\n```js\n', '\n~~~\n', '\n```mermaid\n']
const HTML = [
  '<!--',
  '-->',
  '<!-- @ana -->',
  '<b>',
  '</b>',
  '<img src=x>',
  '<a href="',
  '">',
  '<',
  '>',
  '&amp;',
  '&',
]
const LINKS = [
  '![a](https://x.y/p.png)',
  '![',
  '[',
  ']',
  '](',
  ')',
  '(https://x.y)',
  '[a](https://x.y "t")',
  '[a]: https://x.y',
  '[^1]',
  '[^1]: @ana',
  'https://x.y/z_1_',
  'www.x.y',
  '!',
]
const STYLE = [
  '*',
  '**',
  '_',
  '__',
  '~~',
  '~',
  '**bold**',
  '**@ana**',
  '\\',
  '\\\\',
  ':',
  '$',
  '$$',
]
const TABLES = ['|', '| a | b |', '\n|-|-|\n', '\n| @ana | /x |\n']
const UNSEEN = [
  '\u200B',
  '\u202E',
  '\u00E9',
  'e\u0301',
  '\u{1F469}\u200D\u{1F4BB}',
  '\uFE0F',
  '\u001B[31m',
  '\u{E0041}',
]

const PIECES = [
  MENTIONS,
  COMMANDS,
  CLOSINGS,
  LINES,
  BLOCKS,
  CODE,
  HTML,
  LINKS,
  STYLE,
  TABLES,
  UNSEEN,
  ['word', 'a', 'ana'],
].flat()

export const hostileBody = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...PIECES), { maxLength }).map((pieces) => pieces.join(''))
