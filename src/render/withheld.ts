/** Workflow files for a person to apply: which ones, why, and the patch letter by letter where that can be shown. */
import { stripInvisible } from '../domain/invisible.ts'
import { shortSha } from '../domain/ids.ts'
import type { Sha } from '../domain/ids.ts'
import type { Notice } from '../domain/notice.ts'
import type { Withheld } from '../domain/withheld.ts'
import { withoutClosing } from './closing.ts'
import { fit } from './fit.ts'
import { code } from './inline.ts'
import { cut } from './plain.ts'

/** Paths named one by one; the rest is counted. */
const LISTED = 20

/** Markdown of at most 65,000 characters. */
export function withheldComment(view: Extract<Notice, { kind: 'withheld' }>): string {
  const { login, withheld, base, alone } = view
  const reason =
    'Yardmaster may not push workflow files, and does not ask for that permission, so that no agent can change what runs with your secrets.'
  return fit([
    {
      text: alone
        ? `@${login}, this work is done, and all that it changes are workflow files. ${reason} So it is yours to apply.`
        : `@${login}, a part of this work are workflow files. ${reason} The rest goes its way without them, and was checked without them; this part is yours to apply.`,
      keep: 9,
    },
    {
      text: named(withheld.paths)
        .map((line) => `- ${line}`)
        .join('\n'),
      keep: 8,
    },
    { text: alone ? answers(withheld) : '', keep: 9 },
    { text: patch(withheld, base), keep: 5 },
  ])
}

const answers = ({ head }: Withheld): string =>
  [
    `- ${code(`/approve ${head}`)} when it is applied: the task is then done.`,
    '- `/reject` and why, if you like, ends it. The work is kept.',
  ].join('\n')

function named(paths: readonly string[]): readonly string[] {
  const shown = paths.slice(0, LISTED).map((path) => code(withoutClosing(cut(path, 300))))
  const more = paths.length - shown.length
  return more > 0 ? [...shown, `and ${more} more`] : shown
}

/** What is shown must be what is applied, so nothing is left out of it: where that cannot be, it is not shown at all. */
function patch({ patch: text, head }: Withheld, base: Sha): string {
  const kept = `It stands in commit ${code(head)} of the task’s outbox, in Yardmaster’s data folder.`
  if (text === null) return `The patch is longer than fits here. ${kept}`
  if (stripInvisible(text) !== text)
    return `**Characters that nobody sees, or that turn the order of others round, stand in the patch,** so it is not shown here. ${kept}`
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const how = `Save it as ${code('workflows.patch')}, then ${code('git apply --index workflows.patch')} on a branch that holds ${code(shortSha(base))}:`
  return `${how}\n\n${fence}diff\n${text.replace(/\n$/, '')}\n${fence}`
}
