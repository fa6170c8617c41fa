/** Why a task is where it is, in one sentence for the terminal. What a wait says comes from `render/wait`, so that it reads alike everywhere. */
import { shortSha } from '../domain/ids.ts'
import type { Instant, Sha } from '../domain/ids.ts'
import type { Task } from '../domain/task.ts'
import type { Wait } from '../domain/wait.ts'
import { sayMoment } from '../render/time.ts'
import { sayWait } from '../render/wait.ts'

/** `wait` null for a queued task: the next pass gives it a slot. */
export function whyHere(task: Task, wait: Wait | null, now: Instant): string {
  const { state } = task
  switch (state.kind) {
    case 'queued':
      return wait === null ? 'starts at the next look' : sayWait(wait, now)
    case 'blocked':
      return `blocked by ${state.by.join(', ')}`
    case 'held':
      return `held by @${state.by}: ${state.reason}`
    case 'running':
      return `attempt ${task.attempts} is running`
    case 'publishing':
      return `${headWords(task.report?.head ?? null)} is being published`
    case 'parked':
      return `waits for an answer to ${state.question}${task.question === null ? '' : `: ${task.question.text}`}`
    case 'gated':
      return task.gate?.kind === 'secrets'
        ? `something in ${shortSha(task.gate.head)} looks like a secret; waits for a person`
        : `waits for a yes to ${state.gate}`
    case 'retrying':
      return `${state.failures} failed so far; tries again at ${sayMoment(state.at, now)}`
    case 'in-review':
      return `#${state.pull.number} waits for review`
    case 'done':
    case 'failed':
    case 'cancelled':
      return state.reason
    default:
      return state satisfies never
  }
}

const headWords = (head: Sha | null): string => (head === null ? 'its work' : shortSha(head))
