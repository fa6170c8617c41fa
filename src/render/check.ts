/** The check run's words: evidence, exactly. */
import { passed } from '../domain/attempt.ts'
import type { AttemptReport } from '../domain/attempt.ts'
import { shortSha } from '../domain/ids.ts'

export interface CheckWords {
  readonly conclusion: 'success' | 'neutral'
  readonly title: string
  readonly summary: string
  readonly text: string | null
}

export function checkWords(report: AttemptReport): CheckWords {
  const head = report.head === null ? '' : ` on ${shortSha(report.head)}`
  const ran = report.verify.map(
    (result) => `\`${result.command}\` ${passed(result) ? 'passed' : 'failed'}${head}`,
  )
  return {
    conclusion: ran.length === 0 ? 'neutral' : 'success',
    title: ran.length === 0 ? 'No check is configured' : `${ran.length} passed`,
    summary: ran.join('\n\n') || 'No check is configured.',
    text: null,
  }
}
