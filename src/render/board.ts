/** What is said of boards: what goes on a card, and what keeps one from showing it. */
import type { Attempt } from '../domain/attempt.ts'
import type { BoardTrouble } from '../domain/board.ts'
import { sanitiseLine } from './sanitise.ts'

/** One sentence. */
export function boardTroubleWords(trouble: BoardTrouble, project: number): string {
  const rest = 'the labels show the same.'
  switch (trouble.kind) {
    case 'unreadable':
      return `Project ${project} cannot be reached (${sanitiseLine(trouble.why, 300)}); ${rest}`
    case 'no-status':
      return `Project ${project} has no field Status with options: run \`yardmaster board init\`; ${rest}`
    case 'no-columns':
      return `Project ${project} has no column ${trouble.names.map((name) => `“${sanitiseLine(name, 100)}”`).join(', ')} any more: rename it back, or name the new one under \`board.status\`; ${rest}`
    default:
      return trouble satisfies never
  }
}

/** US dollars of all attempts, as far as they are known; null: nothing is. Two decimals. */
export function costOf(attempts: readonly Attempt[]): number | null {
  const known = attempts.flatMap(({ report, progress }) => {
    const cost = report?.usage.cost ?? progress?.usage?.cost ?? null
    return cost === null ? [] : [cost]
  })
  if (known.length === 0) return null
  return Math.round(known.reduce((sum, cost) => sum + cost, 0) * 100) / 100
}
