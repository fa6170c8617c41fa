import { describe, expect, test } from 'vitest'
import { manuals } from '../../src/commands/table.ts'
import type { CommandError, CommandRefusal } from '../../src/domain/command.ts'
import { commandHelp } from '../../src/render/command-help.ts'
import { forbiddenCommand, refusedCommands } from '../../src/render/command-words.ts'
import { harms } from './harms.ts'

const BARE = { manuals: manuals(), commands: 'bare' } as const
const PREFIXED = { ...BARE, commands: 'prefixed' } as const

const ERRORS: readonly CommandError[] = [
  { kind: 'unknown', typed: 'aprove', meant: 'approve', line: 1 },
  { kind: 'unknown', typed: 'dance', meant: null, line: 1 },
  { kind: 'unknown', typed: '', meant: null, line: 1 },
  { kind: 'missing', name: 'priority', argument: '<priority>', line: 1 },
  { kind: 'bad-sha', name: 'approve', given: '4f1c2d3', line: 1 },
  { kind: 'bad-choice', name: 'priority', given: 'hihg', accepted: ['low', 'high'], line: 1 },
  { kind: 'bad-choice', name: 'pause', given: 'later', accepted: ['now'], line: 1 },
  { kind: 'surplus', name: 'run', given: 'the tests', line: 1 },
  { kind: 'wrong-place', name: 'reviewed', belongs: 'pull', line: 1 },
  { kind: 'wrong-place', name: 'run', belongs: 'issue', line: 1 },
  { kind: 'too-many', limit: 5, line: 6 },
  { kind: 'too-long', limit: 2_048, line: 1 },
  { kind: 'html', line: 1 },
  { kind: 'invisible', name: 'retry', line: 1 },
  { kind: 'markup', name: 'retry', line: 1 },
  { kind: 'unreadable', line: 1 },
]

const REFUSALS: readonly CommandRefusal[] = [
  { kind: 'no-permission', name: 'retry', needs: 'write' },
  { kind: 'no-permission', name: 'help', needs: 'triage' },
  { kind: 'own-request', name: 'approve' },
]

test('what is wrong with a line is said courteously, with what to write instead', () => {
  expect(ERRORS.map((error) => refusedCommands({ commands: [], refused: [error] }, BARE)))
    .toMatchInlineSnapshot(`
      [
        "I do not know \`aprove\`. Did you mean \`/approve\`? \`/help\` lists what I understand.",
        "I do not know \`dance\`. \`/help\` lists what I understand.",
        "Please name a command, such as \`/status\`. \`/help\` lists what I understand.",
        "\`/priority\` needs \`<priority>\`: for example \`/priority high\`. \`/help\` lists what I understand.",
        "\`4f1c2d3\` is no whole commit id. \`/approve\` wants all 40 digits, because two commits with the same first digits are easily made; the comment that asks has the line to copy. \`/help\` lists what I understand.",
        "\`/priority\` does not know \`hihg\`; after it comes one of \`low\`, \`high\`. \`/help\` lists what I understand.",
        "\`/pause\` does not know \`later\`; after it comes \`now\` or nothing. \`/help\` lists what I understand.",
        "\`/run\` stands alone on its line, but \`the tests\` follows it. \`/help\` lists what I understand.",
        "\`/reviewed\` belongs on a pull request. \`/help\` lists what I understand.",
        "\`/run\` belongs on the issue. \`/help\` lists what I understand.",
        "A comment holds at most 5 commands; from this one on I read none. \`/help\` lists what I understand.",
        "A comment with commands holds at most 2 KiB, and this one is longer, so nothing was done. Please put the command into a comment of its own. \`/help\` lists what I understand.",
        "There is raw HTML in this comment (a pasted picture may count), so what you see may not be what stands there, and nothing was done. Please write the command again without it. \`/help\` lists what I understand.",
        "There are invisible characters around \`/retry\`. Please type the line anew. \`/help\` lists what I understand.",
        "I take \`/retry\` only as plain text, without emphasis, links or formulas. \`/help\` lists what I understand.",
        "I could not read this comment in time, so nothing was done. Please put the command into a comment of its own. \`/help\` lists what I understand.",
      ]
    `)
})

test('several lines are one comment', () => {
  const refused: readonly CommandError[] = [
    { kind: 'unknown', typed: 'retyr', meant: 'retry', line: 2 },
    { kind: 'surplus', name: 'unhold', given: 'now', line: 5 },
  ]
  expect(refusedCommands({ commands: [], refused }, BARE)).toMatchInlineSnapshot(`
    "Of your comment I left this undone:

    - Line 2: I do not know \`retyr\`. Did you mean \`/retry\`?
    - Line 5: \`/unhold\` stands alone on its line, but \`now\` follows it.

    \`/help\` lists what I understand."
  `)
})

test('a line beside others that are carried out is named by its number', () => {
  const retry = { command: { kind: 'retry' }, line: 1, raw: '/retry' } as const
  const error: CommandError = { kind: 'unknown', typed: 'unhodl', meant: 'unhold', line: 2 }
  expect(refusedCommands({ commands: [retry], refused: [error] }, BARE)).toContain('Line 2: ')
  expect(refusedCommands({ commands: [retry], refused: [] }, BARE)).toBeNull()
})

test('who may not give a command is thanked, and told who may', () => {
  expect(REFUSALS.map((refusal) => forbiddenCommand(refusal, 'bob', BARE))).toMatchInlineSnapshot(`
    [
      "Thank you, \`bob\`. I take \`/retry\` only from people with write access to this repository, so nothing was done.",
      "Thank you, \`bob\`. I take \`/help\` only from people with triage access to this repository, so nothing was done.",
      "Thank you, \`bob\`. You asked for this work, and here somebody else with write access must say \`/approve\`. Nothing was done.",
    ]
  `)
})

test('the help shows what may be said here', () => {
  expect(commandHelp({ ...BARE, place: 'issue', slug: 'yardmaster' })).toMatchInlineSnapshot(`
    "What I understand in a new comment on this issue:

    | Command | What it does |
    | --- | --- |
    | \`/run\` | Start work on this issue, as the label does. |
    | \`/retry\` | Try once more what failed, was cancelled or is done. |
    | \`/cancel [reason]\` | Stop work on this issue for good. What was pushed stays. |
    | \`/hold [reason]\` | Start nothing new on this issue until it is let go on. |
    | \`/unhold\` | Let a held issue go on. Also \`/remove-hold\`, \`/hold cancel\`. |
    | \`/answer [Q<n>] <option or text>\` | Answer the open question; its name is needed only when several are open. |
    | \`/approve <sha>\` | Allow exactly this commit to be pushed, protected paths included. |
    | \`/reject [reason]\` | Refuse what waits for approval. |
    | \`/revise <text>\` | Send the work back with what should change. |
    | \`/update\` | Merge the base branch into the pull request, and verify anew. |
    | \`/priority <priority>\` | Move this issue in the queue: low, normal, high, urgent. |
    | \`/status\` | Say where this stands, and why. |
    | \`/pause [now]\` | Start nothing new in this repository; with \`now\`, park what runs as well. |
    | \`/resume\` | Start work in this repository again. Also \`/unpause\`, \`/remove-pause\`, \`/pause cancel\`. |
    | \`/help\` | List these commands. |

    Each command begins a line of its own, at most five in a comment; edited comments, quotes and code are not read. Where another bot answers to the same words, write \`/yard …\` or \`@yardmaster …\`. Who may write to this repository may say all of them; with triage access, \`/status\` and \`/help\`."
  `)
})

test('the help on a pull request, where another bot owns the bare form', () => {
  const help = commandHelp({ ...PREFIXED, place: 'pull', slug: 'yardmaster' })
  expect(help).toContain('`/yard reviewed`')
  expect(help).not.toContain('`/yard run`')
  expect(help).toContain('Here commands begin with `/yard …` or `@yardmaster …`')
})

describe('none of it calls anybody, commands a bot, or shows a bare command where that is another bot’s', () => {
  const said = (book: typeof BARE | typeof PREFIXED) => [
    ...ERRORS.map((error) => refusedCommands({ commands: [], refused: [error] }, book) ?? ''),
    refusedCommands({ commands: [], refused: ERRORS }, book) ?? '',
    ...REFUSALS.map((refusal) => forbiddenCommand(refusal, 'bob', book)),
    commandHelp({ ...book, place: 'issue', slug: 'yardmaster' }),
    commandHelp({ ...book, place: 'pull', slug: 'yardmaster' }),
  ]
  test.each([...said(BARE), ...said(PREFIXED)])('%s', (words) => expect(harms(words)).toEqual([]))
  test.each(said(PREFIXED))('%s', (words) => expect(words).not.toMatch(/`\/(?!yard )/))
})

test('what a stranger typed is shown as code, short and in one line', () => {
  const typed = `@ana\`</code> fixes #1 \u202E${'x'.repeat(500)}`
  const error: CommandError = { kind: 'unknown', typed, meant: null, line: 1 }
  const words = refusedCommands({ commands: [], refused: [error] }, BARE) ?? ''
  expect(harms(words)).toEqual([])
  expect(words.length).toBeLessThan(250)
})
