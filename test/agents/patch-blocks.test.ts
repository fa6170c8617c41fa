/** Which fences of an issue count as changes, and that hostile Markdown costs bounded time. */
import { describe, expect, it } from 'vitest'
import { readBlocks } from '../../src/agents/builtin/patch/blocks.ts'
import { readBlocksInTime } from '../../src/agents/builtin/patch/read-blocks.ts'
import { issueSection } from '../../src/agents/issue-section.ts'

const brief = (text: string): readonly string[] =>
  readBlocks(text).blocks.map((block) =>
    block.kind === 'file' ? `file ${block.path}` : `diff ${block.path ?? '-'}`,
  )

const diff = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b'

describe('a fence', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['marked diff', `\`\`\`diff\n${diff}\n\`\`\``, ['diff -']],
    ['marked patch, with tildes', `~~~ patch\n${diff}\n~~~`, ['diff -']],
    ['marked Diff in capitals', `\`\`\`Diff\n${diff}\n\`\`\``, ['diff -']],
    ['marked diff with a path', '```diff path=src/a.js\n@@ -1 +1 @@\n```', ['diff src/a.js']],
    ['with path=', '```js path=src/a.js\nx\n```', ['file src/a.js']],
    ['with a quoted path', '```js path="src/my file.js"\nx\n```', ['file src/my file.js']],
    ['with nothing but path=', '```path=a.js\nx\n```', ['file a.js']],
    ['with a path as its first word', '```src/a.js\nx\n```', ['file src/a.js']],
    ['with a path from here', '```./README.md\nx\n```', ['file ./README.md']],
    ['of plain code', '```js\nconst a = 1\n```', []],
    ['of a language with odd letters', '```c++\nx\n```\n\n```objective-c\nx\n```', []],
    ['with a title that is no path', '```js title="Example"\nx\n```', []],
    [
      'in a list',
      `1. Do this:\n\n   \`\`\`diff\n   ${diff.replaceAll('\n', '\n   ')}\n   \`\`\``,
      ['diff -'],
    ],
    ['in a folded section', `<details>\n\n\`\`\`diff\n${diff}\n\`\`\`\n\n</details>`, ['diff -']],
    ['in a quote', `> \`\`\`diff\n> ${diff.replaceAll('\n', '\n> ')}\n> \`\`\``, []],
    ['in a hidden comment', `<!--\n\`\`\`diff\n${diff}\n\`\`\`\n-->`, []],
    ['within a longer fence', `\`\`\`\`md\n\`\`\`diff\n${diff}\n\`\`\`\n\`\`\`\``, []],
    ['that is never closed', `\`\`\`diff\n${diff}`, ['diff -']],
    ['indented, without marks', '    --- a/x\n    +++ b/x', []],
  ]
  for (const [name, text, expected] of cases)
    it(`${name} gives ${expected.join(', ') || 'nothing'}`, () => {
      expect(brief(text)).toEqual(expected)
    })

  it('that looks like a diff without being marked is pointed out', () => {
    expect(readBlocks(`Words\n\n\`\`\`\n${diff}\n\`\`\``).unmarked).toEqual(['--- a/x'])
  })

  it('keeps its content to the letter, with one line break at the end', () => {
    const [block] = readBlocks('```./a\n  *x* &amp; \\_\n\n\tend\n```').blocks
    expect(block).toMatchObject({ content: '  *x* &amp; \\_\n\n\tend\n' })
  })

  it('without a line makes an empty file', () => {
    expect(readBlocks('```./a\n```').blocks).toMatchObject([{ content: '' }])
  })
})

describe("the issue's part of a prompt", () => {
  it('is what stands between its marks', () => {
    expect(issueSection('Role\n<issue number="7">\n# T\nB\n</issue>\nFormat')).toBe('# T\nB\n')
  })
  it('ends at the last mark, so that a body cannot cut itself short', () => {
    expect(issueSection('<issue>\nA\n</issue>\nB\n</issue>\nC')).toBe('A\n</issue>\nB\n')
  })
  it('is taken as it was before its claimed ends were guarded', () => {
    const guarded = '<\\/issue>, <\\/issue-list>, <\\\\/issue>, <\\p>'
    expect(issueSection(`<issue>\n${guarded}\n</issue>\n`)).toBe(
      '</issue>, </issue-list>, <\\/issue>, <\\p>\n',
    )
  })
  it('is everything where nothing is marked, with plain line breaks', () => {
    expect(issueSection('a\r\nb\rc')).toBe('a\nb\nc')
  })
})

describe('the longest text that is read without a thread', () => {
  const worst = ['1. ', '> ', '>', 'a\n=\n', '[a](', '[^1]', '- ', '* * ', '<!--', '| a ', '```\n']
  for (const part of worst)
    it(`takes no time worth a thread when it is full of ${JSON.stringify(part)}`, () => {
      const before = process.cpuUsage()
      readBlocks(part.repeat(Math.floor(2_048 / part.length)))
      expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000)
    })
})

describe('a body of 65,536 characters', () => {
  const size = 65_536
  const fill = (text: string): string => text.repeat(Math.ceil(size / text.length)).slice(0, size)
  const read = (text: string) => readBlocksInTime(text, new AbortController().signal)

  it('of thousands of fences is read', async () => {
    const reading = await read(fill('```js path=a\nx\n```\n'))
    expect(reading?.blocks.length).toBeGreaterThan(3_000)
  })

  it('of one long diff is read', async () => {
    const reading = await read(`\`\`\`diff\n${fill('+ a line of a long diff\n')}\n\`\`\``)
    expect(reading?.blocks).toHaveLength(1)
  })

  it('whose nesting would take minutes is given up at its deadline', async () => {
    const started = performance.now()
    const nested = readBlocksInTime(fill('1. '), new AbortController().signal, 300)
    expect(await nested).toBeNull()
    expect(performance.now() - started).toBeLessThan(3_000)
  })

  it('is left at once when the attempt is stopped', async () => {
    const stop = new AbortController()
    const nested = readBlocksInTime(fill('1. '), stop.signal)
    stop.abort()
    await expect(nested).rejects.toThrow('cancelled')
  })
})
