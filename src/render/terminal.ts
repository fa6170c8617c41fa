/** States and phases on one plain line for the terminal. Colours are the caller's; nothing in the line can steer a screen. */
import type { Attempt } from '../domain/attempt.ts'
import type { Instant } from '../domain/ids.ts'
import type { Task } from '../domain/task.ts'
import type { Wait } from '../domain/wait.ts'
import { plainLine } from './plain.ts'
import { PHASES, stateWords } from './state-words.ts'

/** `Waiting: no slot: 8 of 8 sonnet busy`. */
export function stateLine(view: {
  readonly task: Task
  readonly live: Attempt | null
  readonly wait: Wait | null
  readonly now: Instant
}): string {
  const { headline, why } = stateWords(view)
  return plainLine(why === null ? headline : `${headline}: ${why.replace(/\.$/, '')}`, 500)
}

export const phaseLine = (attempt: Pick<Attempt, 'phase'>): string => PHASES[attempt.phase]

/** The agent's last word about itself; empty before the first. */
export const progressLine = (attempt: Pick<Attempt, 'progress'>): string =>
  plainLine(attempt.progress?.message ?? '')
