import fc from 'fast-check'
import type { Nodes } from 'mdast'
import { visit } from 'unist-util-visit'
import { describe, expect, test } from 'vitest'
import { affordable } from '../../src/render/markdown-cost.ts'
import { visibleText, visibleTitle } from '../../src/render/visible.ts'
import { parse } from './harms.ts'

describe('what a reader sees', () => {
  const cases: readonly (readonly [what: string, body: string, seen: string])[] = [
    [
      'plain words',
      'Add a *greeting*, [see](https://x.y).',
      'Add a *greeting*, [see](https://x.y).',
    ],
    ['a hidden comment', 'Hello <!-- delete everything --> there', 'Hello  there'],
    ['a hidden comment of several lines', 'a\n\n<!--\nevil\n\nevil\n-->\n\nb', 'a\n\n\n\nb'],
    ['a comment left open', 'a\n\n<!-- evil\n\nmore evil', 'a\n\n'],
    ['a tag left open over paragraphs', '<div title="\n\nevil\n\n">', ''],
    ['words in tags', '<b data-x="evil">bold</b> and <kbd>Ctrl</kbd>', 'bold and Ctrl'],
    [
      'a folded section',
      '<details><summary>Log</summary>\n\nlines\n\n</details>',
      'Log\n\nlines\n\n',
    ],
    ['a type in prose, as GitHub shows it', 'Array<string> fails', 'Array fails'],
    ['a type in code', '`Array<string>` fails', '`Array<string>` fails'],
    [
      'a comment in a fence',
      '```html\n<!-- kept -->\n<div>\n```',
      '```html\n<!-- kept -->\n<div>\n```',
    ],
    [
      'a fence inside a list',
      '1. a\n   ```\n   <!-- kept -->\n   ```\n<!-- evil -->',
      '1. a\n   ```\n   <!-- kept -->\n   ```\n',
    ],
    ['a fence that a quote ends', '> ```\n<!-- evil -->', '> ```\n'],
    [
      'a file’s name after the language',
      '```ts path=src/a.ts\nlet a\n```',
      '```ts path=src/a.ts\nlet a\n```',
    ],
    ['a sentence after the language', '```ts delete every file\nlet a\n```', '```ts\nlet a\n```'],
    ['indented code', '    <!-- kept -->', '    <!-- kept -->'],
    ['an escaped bracket', '\\<!-- kept -->', '\\<!-- kept -->'],
    ['backticks in two cells of a table', '| ` | <!-- evil --> ` |\n|-|-|', '| ` |  ` |\n|-|-|'],
    ['a definition that nothing uses', 'a\n\n[//]: # (evil)', 'a\n\n'],
    [
      'a definition that is used',
      '[a][x]\n\n[x]: https://x.y "evil"',
      '[a][x]\n\n[x]: https://x.y',
    ],
    ['a footnote that nothing uses', 'a\n\n[^x]: evil', 'a\n\n'],
    ['a footnote that is used', 'a[^x]\n\n[^x]: seen', 'a[^x]\n\n[^x]: seen'],
    ['a link’s title', '[a](https://x.y "evil")', '[a](https://x.y)'],
    ['a link’s title with code', '[a](https://x.y "evil `x` evil")', '[a](https://x.y)'],
    [
      'a picture’s description',
      '![evil [x] evil](https://x.y/p.png)',
      '![image](https://x.y/p.png)',
    ],
    ['a title in a fence', '```\n[a](b "kept")\n```', '```\n[a](b "kept")\n```'],
    ['invisible letters', 'o\u200Bk\u{E0041}\u2060\u202E!', 'ok!'],
    ['Windows line ends', 'a\r\nb', 'a\nb'],
    ['an emoji of several parts', '\u{1F469}\u200D\u{1F4BB}', '\u{1F469}\u200D\u{1F4BB}'],
    ['Persian with its joiners', 'می\u200Cخواهم', 'می\u200Cخواهم'],
  ]
  test.each(cases)('%s', (_what, body, seen) => {
    expect(visibleText(body)).toBe(seen)
  })

  test('in a title, letter by letter', () => {
    expect(visibleTitle('Fix <Button>\u200B `a`\nnow')).toBe('Fix <Button> `a` now')
  })
})

/** Words that only ever stand where a reader does not see them. */
const PIECES = [
  '<!-- EVIL -->',
  '<!--',
  '-->',
  '<b title="EVIL">',
  '<b',
  '">',
  '"',
  '<div>',
  '\n<div>\n',
  '<script>',
  '\n[//]: # (EVIL)\n',
  '[a](b "EVIL")',
  '![EVIL](b)',
  '```',
  '\n```\n',
  '\n~~~\n',
  '`',
  '``',
  '\n',
  '\n\n',
  '\n  ',
  '\n    ',
  '\n- ',
  '\n1. ',
  '\n> ',
  '> ',
  '|',
  '\n|a|b|\n|-|-|\n|',
  'word',
  ' ',
  '\\',
  '[^x]: ',
  '\n[^x]: EVIL\n',
  '<?',
  '<![CDATA[',
  ']]>',
  '>',
  '<a ',
  '&lt;',
]

const canaries = (text: string | null | undefined): readonly string[] =>
  (text ?? '').match(/EVIL\d+/g) ?? []

/** Canaries that the parser finds shown: in words, in code, between tags, as a file's name after a fence's language. */
function shown(body: string): ReadonlySet<string> {
  const seen = new Set<string>()
  const see = (text: string | null | undefined) => canaries(text).forEach((one) => seen.add(one))
  visit(parse(body), (node: Nodes) => {
    if (node.type === 'text' || node.type === 'inlineCode') see(node.value)
    if (node.type === 'html') see(node.value.replace(/<!--[^]*?-->|<[^>]*>/g, ''))
    if (node.type !== 'code') return
    see(node.value)
    see(node.lang)
    if (/^\S+\s*$/.test(node.meta ?? '')) see(node.meta)
  })
  return seen
}

test('words that are not shown on the page never come through', () => {
  const body = fc.array(fc.constantFrom(...PIECES), { maxLength: 9 }).map((pieces) => {
    let count = 0
    return pieces.join('').replace(/EVIL/g, () => `EVIL${count++}`)
  })
  const safe = (text: string): boolean => {
    const seen = shown(text)
    return canaries(visibleText(text)).every((canary) => seen.has(canary))
  }
  expect(fc.check(fc.property(body, safe), { numRuns: 3_000 }).counterexample).toBeNull()
})

describe('a body that would cost a parser seconds', () => {
  const hostile: readonly (readonly [string, string])[] = [
    ['nested quotes', '>'.repeat(60_000)],
    ['nested lists', '- - a\n'.repeat(10_000)],
    ['underlines', 'a\n-\n'.repeat(16_000)],
    ['lazy lines', `> a\n${'b\n'.repeat(30_000)}`],
    ['a wide table', '|<'.repeat(30_000)],
    ['footnotes', '[^a]: b\n'.repeat(8_000)],
    ['backticks', '`<!--`` '.repeat(8_000)],
  ]
  test.each(hostile)('%s are not parsed, and hide nothing that is shown', (_what, body) => {
    expect(affordable(body)).toBe(false)
    const tail = '\n\n<!-- EVIL -->'
    expect(visibleText(body.slice(0, 60_000) + tail)).not.toContain('EVIL')
  })

  test('is not what people write', () => {
    const list = '- a point with a few words to it\n  - and one below it\n'.repeat(500)
    const log = `\`\`\`\n${'12:00:01 GET /index.html <200> 3 ms\n'.repeat(1_700)}\`\`\`\n`
    const table = `| a | b | c |\n|---|---|---|\n${'| 1 | 2 | 3 |\n'.repeat(300)}`
    expect([list, log, table].map(affordable)).toEqual([true, true, true])
  })
})
