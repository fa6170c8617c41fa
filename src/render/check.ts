/** The check run's words: evidence, exactly. */
import { passed } from '../domain/attempt.ts'
import type { AttemptReport } from '../domain/attempt.ts'
import { folded } from './details.ts'
import { sayResult } from './evidence.ts'
import { fit } from './fit.ts'
import { htmlCode } from './inline.ts'
import { sayUsage } from './notes.ts'
import { plainLine } from './plain.ts'
import { proofWords } from './proof.ts'

export interface CheckWords {
  readonly conclusion: 'success' | 'failure' | 'neutral'
  /** Plain text. */
  readonly title: string
  /** Markdown. */
  readonly summary: string
  /** Markdown; null when there is no output to show. */
  readonly text: string | null
}

export function checkWords(report: AttemptReport): CheckWords {
  const { verify, setup, head, base } = report
  const lines = [
    ...verify.map((result) => `- ${sayResult(result, head)}.`),
    ...setup.map((result) => `- ${sayResult(result, base)}.`),
  ]
  const used = `- ${sayUsage(report.usage)}`
  const proof = proofWords(report)
  const none =
    verify.length === 0 ? ['No check is configured, so nothing was run on this commit.'] : []
  const text = fit(
    verify.map((result, at) => ({
      text: folded(`Output of ${htmlCode(result.command)}`, result.output, 16_000),
      keep: verify.length - at,
    })),
  )
  return {
    ...verdict(report),
    summary: [
      ...none,
      [...lines, used].join('\n'),
      ...(proof === null
        ? []
        : [`**${proof.verdict}**`, proof.lines.map((line) => `- ${line}`).join('\n')]),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
    text: text === '' ? null : text,
  }
}

function verdict({ verify }: AttemptReport): Pick<CheckWords, 'conclusion' | 'title'> {
  const red = verify.find((result) => !passed(result))
  const [first] = verify
  if (red !== undefined)
    return { conclusion: 'failure', title: `${plainLine(red.command, 80)} failed` }
  if (first === undefined) return { conclusion: 'neutral', title: 'No check is configured' }
  const title =
    verify.length === 1
      ? `${plainLine(first.command, 80)} passed`
      : `${verify.length} checks passed`
  return { conclusion: 'success', title }
}
