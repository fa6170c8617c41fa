import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from '../../src/commands/parse.ts'
import { COMMANDS } from '../../src/commands/table.ts'
import type { ParsedCommand } from '../../src/domain/command.ts'
import { visibleText } from '../../src/render/visible.ts'
import { hasHtml, pageLines } from './page-lines.ts'
import type { PageLine } from './page-lines.ts'
import { LISTENING } from './reading.ts'

const SAID = COMMANDS.flatMap(({ examples }) => examples.map(([line]) => `/${line}`))
const ENDS = [
  '\n',
  '\n',
  '\n',
  '\n\n',
  '\n\n',
  '  \n',
  '\\\n',
  '\r\n',
  ' ',
  '\t',
  '\u2028',
  '\u0085',
]
const WORDS = [
  'a',
  'word',
  'me@x.org',
  '@ana',
  'www.x.y',
  '@yardmaster retry',
  '/lgtm',
  '/yard retry',
]
const BLOCKS = [
  '> ',
  '>',
  '- ',
  '1. ',
  '* ',
  '# ',
  '---',
  '===',
  '- [ ] ',
  '    ',
  '\t',
  '| a |\n| - |',
  '|',
]
const CODE = ['`', '``', '```', '~~~', '```sh', '````']
const SPANS = [
  '*',
  '**',
  '_',
  '~~',
  '[',
  '](https://x.y)',
  '](',
  ')',
  '![',
  '](x "',
  '")',
  '[a]: ',
  '"',
  "'",
]
const NOTES = ['[^1]', '[^1]: ', '[a]: b', '$', '$$', '\\', '&#10;', '&amp;', '&#8203;', '<', '>']
const HTML = ['<!--', '-->', '<b>', '</b>', '<details>', '<a title="', '">', '<?', '<![CDATA[']
const UNSEEN = ['\u200B', '\u202E', '\uFE0F', '\u0000', '\u{E0041}', '\u00A0']
const COMMON = [SAID, ENDS, ENDS, WORDS, BLOCKS, CODE, SPANS, NOTES]

/** Most bodies hold no HTML: with it in them nothing is ever accepted. */
const piece = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...ENDS) },
  { weight: 25, arbitrary: fc.constantFrom(...SAID) },
  { weight: 40, arbitrary: fc.constantFrom(...COMMON.flat()) },
  { weight: 1, arbitrary: fc.constantFrom(...HTML, ...UNSEEN) },
)
/** What spans several lines would seldom come together by chance. */
const SPANNING = [
  ['*', '*'],
  ['**', '**'],
  ['~~', '~~'],
  ['`', '`'],
  ['[', '](https://x.y)'],
  ['[x](y "', '")'],
  ['$$', '$$'],
  ['> ', ''],
  ['- ', ''],
  ['[a]: b "', '"'],
] as const
const spanning = fc
  .tuple(fc.constantFrom(...SPANNING), fc.array(piece, { maxLength: 4 }))
  .map(([[open, close], pieces]) => `${open}a\n${pieces.join('')}\nb${close}`)
const body = fc
  .array(fc.oneof({ weight: 12, arbitrary: piece }, { weight: 1, arbitrary: spanning }), {
    maxLength: 12,
  })
  .map((pieces) => pieces.join(''))

/** In the order of the page, each on a line of its own. */
function allSeen(commands: readonly ParsedCommand[], lines: readonly PageLine[]): boolean {
  let from = 0
  for (const { command, raw } of commands) {
    const free = 'reason' in command || 'text' in command
    const head = raw.split(/\s/)[0] ?? ''
    const at = lines.findIndex(
      ({ text, plain }, index) =>
        index >= from && (free ? text.startsWith(head) : plain && text === raw),
    )
    if (at === -1) return false
    from = at + 1
  }
  return true
}

/** Fixed, so that two runs of one commit agree. */
const SEED = 1
const RUNS = 10_000

test('of 10,000 comments put together at random, each accepted command is seen on the page', () => {
  let accepted = 0
  let refused = 0
  let nothing = 0
  const { counterexample } = fc.check(
    fc.property(body, (text) => {
      const reading = parse(text, LISTENING, visibleText)
      if (reading === null) nothing += 1
      if (reading === null) return true
      accepted += reading.commands.length
      refused += reading.refused.length
      if (reading.commands.length === 0) return true
      return !hasHtml(text) && allSeen(reading.commands, pageLines(text))
    }),
    { numRuns: RUNS, seed: SEED },
  )
  expect(counterexample).toBeNull()
  // The claim is worth something only where all three happen often.
  expect(Math.min(accepted, refused, nothing)).toBeGreaterThan(RUNS / 10)
}, 120_000)
