/** The state as a label, `yard:<key>`. */
import type { TaskState } from '../domain/task.ts'

export const LABEL_PREFIX = 'yard:'

export function stateLabel(
  state: TaskState,
): { readonly name: string; readonly color: string; readonly description: string } | null {
  switch (state.kind) {
    case 'blocked':
    case 'queued':
    case 'retrying':
      return { name: 'yard:queued', color: 'c5def5', description: 'Yardmaster: waits for its turn' }
    case 'running':
    case 'publishing':
      return {
        name: 'yard:working',
        color: 'fbca04',
        description: 'Yardmaster: an agent works on it',
      }
    case 'parked':
      return {
        name: 'yard:needs-answer',
        color: 'd93f0b',
        description: 'Yardmaster: a question waits for a person',
      }
    case 'gated':
      return {
        name: 'yard:needs-approval',
        color: 'd93f0b',
        description: 'Yardmaster: a person must approve',
      }
    case 'in-review':
      return {
        name: 'yard:needs-review',
        color: '0e8a16',
        description: 'Yardmaster: a pull request waits for review',
      }
    case 'held':
      return { name: 'yard:held', color: 'bfd4f2', description: 'Yardmaster: held' }
    case 'failed':
      return { name: 'yard:failed', color: 'b60205', description: 'Yardmaster: could not be done' }
    case 'done':
      return { name: 'yard:done', color: '5319e7', description: 'Yardmaster: done' }
    case 'cancelled':
      return null
    default:
      return state satisfies never
  }
}
