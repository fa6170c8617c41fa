import { describe, expect, it } from 'vitest'
import { cut, duration, oneLine, table, textWidth } from '../../src/cli/terminal.ts'

const rows = (...lines: readonly (readonly string[])[]) =>
  lines.map((line) => line.map((text) => ({ text })))

describe('a table', () => {
  it('aligns its columns, and leaves no blanks at the ends of lines', () => {
    expect(table(rows(['a', 'bb', 'c'], ['aaaa', 'b', 'cc']), null)).toEqual([
      'a     bb  c',
      'aaaa  b   cc',
    ])
  })

  it('counts wide characters as two columns, as terminals do', () => {
    const [first, second] = table(rows(['駅長', 'x'], ['ab', 'x']), null)
    expect(textWidth(first ?? '')).toBe(textWidth(second ?? ''))
    expect(textWidth('👩‍👩‍👧')).toBe(2)
  })

  it('cuts the last column to the terminal, and nothing where there is none', () => {
    const long = 'word '.repeat(40).trim()
    const [line] = table(rows(['a', long]), 40)
    expect(textWidth(line ?? '')).toBeLessThanOrEqual(40)
    expect(line).toMatch(/…$/)
    expect(table(rows(['a', long]), null)[0]).toContain(long)
  })

  it('has one line per row, whatever a title tries', () => {
    const title = 'one\ntwo\r\u001b[2J\u001b]0;gone\u0007three\u202e\u0000'
    expect(table(rows([title, 'x']), null)).toEqual(['one two three  x'])
  })
})

describe('words for the terminal', () => {
  it('cut at a width, at whole characters', () => {
    expect(cut('short', 10)).toBe('short')
    expect(cut('a longer sentence', 10)).toBe('a longer…')
    expect(cut('駅駅駅駅駅駅駅駅', 10)).toBe('駅駅駅駅…')
  })

  it('keep to one line', () => {
    expect(oneLine('  a\n\n b\tc ')).toBe('a b c')
  })

  it('say how long ago in one unit', () => {
    const minute = 60_000
    expect([0, 59_400, 3 * minute, 100 * minute, 50 * 60 * minute, -5].map(duration)).toEqual([
      '0 s',
      '59 s',
      '3 min',
      '1 h',
      '2 d',
      '0 s',
    ])
  })
})
