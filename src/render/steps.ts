/** The way of a task as a list of boxes: what is behind it, where it stands, what is still ahead. */
import type { Attempt, AttemptPhase } from '../domain/attempt.ts'
import type { Task } from '../domain/task.ts'

const STEPS = ['queued', 'worktree', 'agent', 'checks', 'push', 'pull request'] as const

/** How many steps are done while an attempt is in that phase. */
const BEHIND: Readonly<Record<AttemptPhase, number>> = {
  preparing: 1,
  agent: 2,
  collecting: 3,
  verifying: 3,
}

/** Markdown task list; the step at hand is bold. Empty for a task that will go no further. */
export function stepBoxes(task: Task, live: Attempt | null): string {
  const done = stepsDone(task, live)
  if (done === null) return ''
  return STEPS.map((step, at) => {
    const label = at === done ? `**${step}**` : step
    return `- [${at < done ? 'x' : ' '}] ${label}`
  }).join('\n')
}

function stepsDone(task: Task, live: Attempt | null): number | null {
  switch (task.state.kind) {
    case 'blocked':
    case 'queued':
    case 'held':
    case 'retrying':
      return 0
    case 'running':
      return live === null ? 1 : BEHIND[live.phase]
    case 'parked':
      return 2
    case 'gated':
      return 4
    case 'publishing':
      // The state lasts from the first try to push until the pull request is there.
      return task.report !== null && task.pushed === task.report.head ? 5 : 4
    case 'in-review':
    case 'done':
      return task.pull === null ? null : STEPS.length
    case 'failed':
    case 'cancelled':
      return null
    default:
      return task.state satisfies never
  }
}
