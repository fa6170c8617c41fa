/** The pull request's words: what, why, the evidence exactly, who asked, and how to send it back. */
import { passed } from '../domain/attempt.ts'
import type { JailKind } from '../domain/settings.ts'
import type { AttemptReport, ChangedFile } from '../domain/attempt.ts'
import type { Total } from '../domain/budget.ts'
import { shortSha } from '../domain/ids.ts'
import type { Task, Wish } from '../domain/task.ts'
import { sayTotal } from './budget.ts'
import { plainTitle } from './commit-words.ts'
import { withoutClosing } from './closing.ts'
import { folded } from './details.ts'
import { sayResult, sayResults } from './evidence.ts'
import { fit } from './fit.ts'
import { code, htmlCode } from './inline.ts'
import { cut } from './plain.ts'
import { proofWords } from './proof.ts'
import { sanitise, sanitiseLine } from './sanitise.ts'
import { jailNote, sayUsage } from './notes.ts'

export { commitMessage } from './commit-words.ts'

export interface PullView {
  readonly task: Task
  readonly wish: Wish
  readonly report: AttemptReport
  readonly jailKind: JailKind
  /** Null: not known any more. */
  readonly profile: string | null
  /** What all attempts of the wish have come to; null: there was one. */
  readonly spent: Total | null
}

/** Files named one by one; the rest is counted. */
const LISTED = 50

export const pullTitle = (task: Pick<Task, 'title' | 'number'>): string => plainTitle(task)

/** Markdown. The only closing keyword is ours, for the task's own issue. */
export function pullBody(view: PullView): string {
  const { task, wish, report, jailKind, profile, spent } = view
  const by = profile === null ? '' : ` by the profile ${code(profile)}`
  const setup = report.setup.map((result) => `- ${sayResult(result, report.base)}.`)
  const evidence = sayResults(report.verify, report.head).map((line) => `- ${line}`)
  return fit([
    { text: `Closes #${task.number}`, keep: 9 },
    { text: `${sanitise(report.summary, 6_000) || 'The agent left no summary.'}`, keep: 5 },
    { text: `### Evidence\n\n${[...evidence, ...setup].join('\n')}`, keep: 8 },
    { text: proof(report), keep: 7 },
    ...report.verify.filter(passed).map((result) => ({
      text: folded(`Output of ${htmlCode(result.command)}`, result.output, 4_000),
      keep: 1,
    })),
    { text: told('Decisions', report.decisions), keep: 5 },
    { text: told('Noticed, and left as it is', report.discoveries), keep: 3 },
    { text: changes(report.files), keep: 4 },
    { text: missing(task.number, report), keep: 7 },
    {
      text: [
        '### Where it comes from',
        '',
        `- Asked for by ${code(wish.by.login)}, who is co-author of the commit, and done${by}.`,
        `- Worked from the text of #${task.number} as approved: SHA-256 ${code(wish.snapshot.slice(0, 12))}.`,
        ...(report.base === null ? [] : [`- Based on ${shortSha(report.base)}.`]),
        `- ${sayUsage(report.usage)}`,
        ...(spent === null ? [] : [`- All attempts together: ${sanitise(sayTotal(spent), 300)}.`]),
        ...jailNote(jailKind).map((note) => `- ${note}`),
      ].join('\n'),
      keep: 7,
    },
    {
      text: 'To send it back: request changes in a review, or say `/revise` and what is missing.',
      keep: 6,
    },
  ])
}

function changes(files: readonly ChangedFile[]): string {
  const lines = files
    .slice(0, LISTED)
    .map((file) => `- ${code(cut(file.path, 300))}: ${said(file)}`)
  const more = files.length - lines.length
  const rest = more > 0 ? [`- and ${more} more`] : []
  return `### Changes\n\n${files.length === 1 ? '1 file' : `${files.length} files`}\n\n${[...lines, ...rest].join('\n')}`
}

function proof(report: AttemptReport): string {
  const words = proofWords(report)
  if (words === null) return ''
  const red = report.proof?.base.find((result) => !passed(result))
  const output =
    red === undefined
      ? []
      : ['', folded(`Output of ${htmlCode(red.command)} on the base`, red.output, 4_000)]
  const lines = words.lines.map((line) => `- ${line}`)
  return ['### Tests of this change', '', `**${words.verdict}**`, '', ...lines, ...output].join(
    '\n',
  )
}

/** Of a kind an agent may tell 50; people read fewer. */
const TOLD = 20

function told(title: string, lines: readonly string[] = []): string {
  if (lines.length === 0) return ''
  const shown = lines.slice(0, TOLD).map((line) => `- ${sanitiseLine(line, 500)}`)
  const more = lines.length > TOLD ? [`- and ${lines.length - TOLD} more`] : []
  return [`### ${title}`, '', ...shown, ...more].join('\n')
}

function missing(issue: number, { withheld }: AttemptReport): string {
  if (withheld === undefined) return ''
  const paths = withheld.paths.slice(0, LISTED).map((path) => code(withoutClosing(cut(path, 300))))
  return `### Not in this pull request\n\nThe work changes workflow files as well, which Yardmaster may not push: ${paths.join(', ')}. They are in #${issue}, as a patch for a person. What stands under Evidence was run without them.`
}

function said({ status, additions, deletions }: ChangedFile): string {
  const lines = additions === null || deletions === null ? 'binary' : `+${additions} −${deletions}`
  return `${status} (${lines})`
}
