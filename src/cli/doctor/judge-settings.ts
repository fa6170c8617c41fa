/** What the operator has written. Facts in, lines out. */
import type { EnvironmentProblem } from '../environment.ts'
import { describeProblem } from '../load-settings.ts'
import type { OperatorFile } from '../load-settings.ts'
import { bad, ok } from './line.ts'
import type { Line } from './line.ts'

export const judgeEnvironment = (problems: readonly EnvironmentProblem[]): readonly Line[] =>
  problems.length === 0
    ? [ok('environment', 'holds nothing that cannot be used')]
    : problems.map(({ variable, message }) =>
        bad('environment', `${variable} cannot be used`, message),
      )

export function judgeOperatorFile(file: string, reading: OperatorFile): readonly Line[] {
  if (reading.kind === 'broken') {
    return reading.problems.map((problem) =>
      bad('settings', 'the file has a mistake', describeProblem(file, problem)),
    )
  }
  if (reading.written) return [ok('settings', file)]
  return [ok('settings', `defaults, with the built-in agent only (there is no ${file})`)]
}
