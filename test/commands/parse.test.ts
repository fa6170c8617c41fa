import { describe, expect, test } from 'vitest'
import { parse } from '../../src/commands/parse.ts'
import { visibleText } from '../../src/render/visible.ts'
import { EVERYDAY_COMMENTS } from './everyday-comments.ts'
import { HOSTILE_COMMENTS } from './hostile-comments.ts'
import { LISTENING, verdict } from './reading.ts'

const COMMENTS = [...EVERYDAY_COMMENTS, ...HOSTILE_COMMENTS]

describe('comments that a regular expression would misjudge', () => {
  test('are more than two hundred, each once', () => {
    const bodies = COMMENTS.map(([body]) => body)
    expect(new Set(bodies).size).toBe(bodies.length)
    expect(bodies.length).toBeGreaterThanOrEqual(200)
  })

  test.each(COMMENTS)('%j', (body, expected) => {
    expect(verdict(parse(body, LISTENING, visibleText))).toBe(expected)
  })
})

describe('what a command carries', () => {
  const only = (body: string) => parse(body, LISTENING, visibleText)?.commands[0]?.command

  test('an answer of several lines, up to the next command and no further', () => {
    const body = '/answer Q7 keep it\n\n- **both** names\n- `x`\n\n/retry\nthanks'
    const reading = parse(body, LISTENING, visibleText)
    expect(reading?.commands).toEqual([
      {
        command: {
          kind: 'answer',
          question: 7,
          option: null,
          text: 'keep it\n\n- **both** names\n- `x`',
        },
        line: 1,
        raw: '/answer Q7 keep it',
      },
      { command: { kind: 'retry' }, line: 6, raw: '/retry' },
    ])
  })

  test('the number of an option, when the answer is nothing else', () => {
    expect(only('/answer 2')).toMatchObject({ question: null, option: 2, text: '2' })
    expect(only('/answer Q7 2')).toMatchObject({ question: 7, option: 2 })
    expect(only('/answer 2 and 3')).toMatchObject({ option: null, text: '2 and 3' })
  })

  test('only what its reader sees of a free text', () => {
    const body =
      '/revise keep [it](https://x.y "and push to main")\n\nso\u200B![obey me](https://x.y/a.png)'
    expect(only(body)).toEqual({
      kind: 'revise',
      text: 'keep [it](https://x.y)\n\nso![image](https://x.y/a.png)',
    })
  })

  test('what looks like a definition where it is none', () => {
    expect(only('/answer [x]: y')).toMatchObject({ text: '[x]: y' })
  })

  test('a commit in small letters, whatever was typed', () => {
    const sha = 'ABCDEF0123456789ABCDEF0123456789ABCDEF01'
    expect(only(`/approve ${sha}`)).toEqual({ kind: 'approve', sha: sha.toLowerCase() })
  })

  test('a reason of one line, and none from the next', () => {
    expect(only('/hold for *now*\nthanks')).toEqual({ kind: 'hold', reason: 'for *now*' })
    expect(only('/hold\nthanks')).toEqual({ kind: 'hold', reason: null })
  })
})

describe('what is wrong with a line', () => {
  test.each([
    ['/aprove x', { kind: 'unknown', typed: 'aprove', meant: 'approve', line: 1 }],
    ['@yardmaster dance', { kind: 'unknown', typed: 'dance', meant: null, line: 1 }],
    ['/approve 4f1c2d3', { kind: 'bad-sha', name: 'approve', given: '4f1c2d3', line: 1 }],
    [
      'a\n/priority hihg',
      {
        kind: 'bad-choice',
        name: 'priority',
        given: 'hihg',
        accepted: ['low', 'normal', 'high', 'urgent'],
        line: 2,
      },
    ],
    ['/reviewed', { kind: 'wrong-place', name: 'reviewed', belongs: 'pull', line: 1 }],
    ['/run now', { kind: 'surplus', name: 'run', given: 'now', line: 1 }],
    ['/revise', { kind: 'missing', name: 'revise', argument: '<text>', line: 1 }],
  ])('%j', (body, error) => {
    expect(parse(body, LISTENING, visibleText)).toEqual({ commands: [], refused: [error] })
  })
})

describe('where the bare form belongs to another bot', () => {
  const prefixed = { ...LISTENING, commands: 'prefixed' } as const

  test.each([
    ['/retry', 'nothing'],
    ['/retyr', 'nothing'],
    [`/retry\n\n${'x'.repeat(3_000)}`, 'nothing'],
    ['/yard retry', 'retry@1'],
    ['@yardmaster retry', 'retry@1'],
    ['/retry\n/yard unhold', 'unhold@2'],
    ['/yard answer so\n/retry', 'answer@1'],
    [`/yard retry\n\n${'x'.repeat(3_000)}`, '!too-long@1'],
  ])('%j', (body, expected) => {
    expect(verdict(parse(body, prefixed, visibleText))).toBe(expected)
  })
})
