/** The question at a gate that a secret shut: what was found and where, never the value itself, and what to do about it. */
import type { Leak, LeakPlace } from '../domain/leak.ts'
import { mayPass } from '../domain/leak.ts'
import { shortSha } from '../domain/ids.ts'
import type { Notice } from '../domain/notice.ts'
import type { Task } from '../domain/task.ts'
import { withoutClosing } from './closing.ts'
import { sayResults } from './evidence.ts'
import { fit } from './fit.ts'
import { code } from './inline.ts'
import { cut } from './plain.ts'

export interface LeakView {
  readonly notice: Extract<Notice, { kind: 'gate' }>
  readonly task: Pick<Task, 'report'>
}

/** Markdown of at most 65,000 characters. */
export function leakComment({ notice: { login, gate }, task }: LeakView): string {
  const leaks = gate.leaks ?? []
  const report = task.report?.head === gate.head ? task.report : null
  const evidence = report === null ? [] : sayResults(report.verify, gate.head)
  return fit([
    {
      text: `@${login}, this work is done, and something in it looks like a secret. Nothing of it was pushed, and the secret is not shown here.`,
      keep: 9,
    },
    {
      text: [
        `- Commit: ${code(gate.head)}, based on ${shortSha(gate.base)}`,
        ...leaks.map((leak) => `- ${sayLeak(leak)}`),
        ...evidence.map((line) => `- ${line}`),
      ].join('\n'),
      keep: 8,
    },
    { text: how(gate.head, leaks), keep: 9 },
  ])
}

const sayLeak = (leak: Leak): string =>
  leak.where.kind === 'too-much'
    ? 'More was changed than can be looked through for secrets'
    : `${leak.live ? 'Found' : 'Looks like'}: ${leak.name}, ${place(leak.where)}`

function place(where: Exclude<LeakPlace, { kind: 'too-much' }>): string {
  switch (where.kind) {
    case 'file':
      return `in ${code(withoutClosing(cut(where.path, 300)))}, line ${where.line}`
    case 'file-name':
      return 'in the name of a file'
    case 'message':
      return 'in a commit message'
    case 'branch':
      return 'in the name of the branch'
    case 'words':
      return 'in what the agent says of its work; wherever that is shown, it is left out'
    default:
      return where satisfies never
  }
}

function how(head: string, leaks: readonly Leak[]): string {
  const pass = leaks.every(mayPass)
  return [
    ...(pass
      ? [
          `- ${code(`/approve ${head}`)} says that it is none, such as a sample in a test: exactly this commit is pushed, and the pull request opens.`,
        ]
      : []),
    `- ${code('/revise without it, please')} or words like these send it back.`,
    '- `/reject` and why, if you like, ends it. The work is kept in Yardmaster’s data folder only.',
    '',
    pass
      ? 'Anyone with write access may say so. If it is a real secret, take it for known: whoever gave it out should make a new one.'
      : 'It is a secret that this Yardmaster itself holds, so nobody’s yes lets it out. **Take it for known to the agent, and make a new one.**',
  ].join('\n')
}
