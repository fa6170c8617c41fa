/**
 * All commands, once. The parser, the permission check, `/help`, the reference and the tests derive from these rows: a
 * new command is one row here and one member of `Command`.
 */
import { PRIORITIES } from '../domain/command.ts'
import type { CommandManual, CommandName, Priority } from '../domain/command.ts'
import { answer, choice, flag, none, reason, sha, text } from './arguments.ts'
import type { Argument } from './arguments.ts'

/**
 * `permission`: everything that changes anything needs write, also what only stops work: nobody without write access
 * is obeyed. Maintain is asked nowhere, because who may write may already label, push and close. `/status` and `/help`
 * change nothing, but a reply costs one of the 80 creations a minute, and on a public repository everybody may read:
 * so triage.
 */
export interface CommandRow extends Omit<CommandManual, 'syntax'> {
  readonly argument: Argument
}

const SHA = '4f1c2d3e5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c0d'
const COMMON = { also: [], place: 'either', permission: 'write', requester: 'may' } as const
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant
const PRIORITY_WORDS = Object.keys(PRIORITIES) as readonly Priority[]

const ROWS: { readonly [Name in CommandName]: Omit<CommandRow, 'name'> } = {
  run: {
    ...COMMON,
    place: 'issue',
    argument: none({ kind: 'run' }),
    summary: 'Start work on this issue, as the label does.',
    examples: [['run', 'work on this issue']],
  },
  retry: {
    ...COMMON,
    argument: none({ kind: 'retry' }),
    summary: 'Try once more what failed, was cancelled or is done.',
    examples: [['retry', 'a new attempt']],
  },
  cancel: {
    ...COMMON,
    argument: reason((why) => ({ kind: 'cancel', reason: why })),
    summary: 'Stop work on this issue for good. What was pushed stays.',
    examples: [
      ['cancel', 'stop'],
      ['cancel solved by the new release', 'stop, and say why'],
    ],
  },
  hold: {
    ...COMMON,
    argument: reason((why) => ({ kind: 'hold', reason: why })),
    summary: 'Start nothing new on this issue until it is let go on.',
    examples: [['hold until the design is settled', 'wait, and say for what']],
  },
  unhold: {
    ...COMMON,
    also: ['remove-hold', 'hold cancel'],
    argument: none({ kind: 'unhold' }),
    summary: 'Let a held issue go on.',
    examples: [['unhold', 'go on']],
  },
  answer: {
    ...COMMON,
    argument: answer((question, option, words) => ({
      kind: 'answer',
      question,
      option,
      text: words,
    })),
    summary: 'Answer the open question; its name is needed only when several are open.',
    examples: [
      ['answer 2', 'the second option'],
      ['answer Q7 keep the old name', 'your own words, over several lines if you like'],
    ],
  },
  approve: {
    ...COMMON,
    requester: 'unless-barred',
    argument: sha((commit) => ({ kind: 'approve', sha: commit })),
    summary: 'Allow exactly this commit to be pushed, protected paths included.',
    examples: [[`approve ${SHA}`, 'all 40 digits, as the comment that asks shows them']],
  },
  reject: {
    ...COMMON,
    argument: reason((why) => ({ kind: 'reject', reason: why })),
    summary: 'Refuse what waits for approval.',
    examples: [['reject leave the workflow alone', 'no, and why']],
  },
  revise: {
    ...COMMON,
    argument: text((words) => ({ kind: 'revise', text: words })),
    summary: 'Send the work back with what should change.',
    examples: [['revise please keep the old option', 'over several lines if you like']],
  },
  update: {
    ...COMMON,
    argument: none({ kind: 'update' }),
    summary: 'Merge the base branch into the pull request, and verify anew.',
    examples: [['update', 'bring it up to date']],
  },
  priority: {
    ...COMMON,
    argument: choice('priority', PRIORITY_WORDS, (priority) => ({ kind: 'priority', priority })),
    summary: `Move this issue in the queue: ${PRIORITY_WORDS.join(', ')}.`,
    examples: [['priority high', 'before its neighbours']],
  },
  status: {
    ...COMMON,
    permission: 'triage',
    argument: none({ kind: 'status' }),
    summary: 'Say where this stands, and why.',
    examples: [['status', 'where it stands']],
  },
  reviewed: {
    ...COMMON,
    place: 'pull',
    argument: none({ kind: 'reviewed' }),
    summary: 'Take this pull request off your review queue until something new is pushed.',
    examples: [['reviewed', 'seen']],
  },
  pause: {
    ...COMMON,
    argument: flag('now', (now) => ({ kind: 'pause', now })),
    summary: 'Start nothing new in this repository; with `now`, park what runs as well.',
    examples: [
      ['pause', 'finish what runs, start nothing'],
      ['pause now', 'park what runs'],
    ],
  },
  resume: {
    ...COMMON,
    also: ['unpause', 'remove-pause', 'pause cancel'],
    argument: none({ kind: 'resume' }),
    summary: 'Start work in this repository again.',
    examples: [['resume', 'go on']],
  },
  help: {
    ...COMMON,
    permission: 'triage',
    argument: none({ kind: 'help' }),
    summary: 'List these commands.',
    examples: [['help', 'this list']],
  },
}

export const COMMANDS: readonly CommandRow[] =
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant
  (Object.keys(ROWS) as readonly CommandName[]).map((name) => ({ name, ...ROWS[name] }))

export const rowOf = (name: CommandName): CommandRow => ({ name, ...ROWS[name] })

/** For `/help` and the reference. */
export const manuals = (): readonly CommandManual[] =>
  COMMANDS.map(({ argument, ...row }) => ({
    ...row,
    syntax: `${row.name} ${argument.syntax}`.trim(),
  }))
