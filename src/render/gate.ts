/** The question at a gate: which commit, which paths, the protected part of the change letter by letter, and how to say yes or no. */
import { stripInvisible } from '../domain/invisible.ts'
import type { Notice } from '../domain/notice.ts'
import { shortSha } from '../domain/ids.ts'
import type { Task } from '../domain/task.ts'
import { withoutClosing } from './closing.ts'
import { fenced } from './details.ts'
import { sayResults } from './evidence.ts'
import { fit } from './fit.ts'
import { code } from './inline.ts'
import { cut } from './plain.ts'

export interface GateView {
  readonly notice: Extract<Notice, { kind: 'gate' }>
  readonly task: Pick<Task, 'id' | 'report'>
  /** Of the protected paths. */
  readonly diff: { readonly text: string; readonly cut: boolean }
}

/** Paths named one by one; the rest is counted. */
const LISTED = 30

/** Markdown of at most 65,000 characters. */
export function gateComment({ notice, task, diff }: GateView): string {
  const { login, gate } = notice
  const report = task.report?.head === gate.head ? task.report : null
  const evidence = report === null ? [] : sayResults(report.verify, gate.head)
  return fit([
    {
      text: `@${login}, this work is done, and it changes what only a person may let through. Nothing of it was pushed.`,
      keep: 9,
    },
    {
      text: [
        `- Commit: ${code(gate.head)}, based on ${shortSha(gate.base)}`,
        ...paths(gate.paths).map((line) => `- ${line}`),
        ...evidence.map((line) => `- ${line}`),
      ].join('\n'),
      keep: 8,
    },
    { text: HOW(gate.head), keep: 9 },
    { text: shown(diff, task), keep: 5 },
  ])
}

const HOW = (head: string): string =>
  [
    `- ${code(`/approve ${head}`)} pushes exactly this commit and opens the pull request.`,
    '- `/reject` and why, if you like, ends it. The work is kept.',
    '- `/revise` and what should be different sends it back.',
    '',
    'Anyone with write access may say so. Another commit needs another yes.',
  ].join('\n')

function paths(all: readonly string[]): readonly string[] {
  const named = all
    .slice(0, LISTED)
    .map((path) => `Protected: ${code(withoutClosing(cut(path, 300)))}`)
  const more = all.length - named.length
  return more > 0 ? [...named, `and ${more} more`] : named
}

function shown(diff: GateView['diff'], task: GateView['task']): string {
  const whole = diff.cut
    ? `\n\n**This is not all of it:** the change is longer than fits here. The whole is in Yardmaster’s data folder, in the bare repository ${code(`git/outbox/${task.id}`)}.`
    : ''
  const unseen =
    stripInvisible(diff.text) === diff.text
      ? ''
      : '\n\n**Characters that nobody sees, or that turn the order of others round, stand in this change.** They are left out here.'
  return `The protected part of the change, as git sees it:\n\n${fenced(diff.text, 60_000, 'diff')}${unseen}${whole}`
}
