/** The state as a label, `yard:<key>`: exactly one at a time, or none. The board uses the same keys. */
import type { StateKind, TaskState } from '../domain/task.ts'

export const LABEL_PREFIX = 'yard:'

export interface StateLabel {
  readonly name: string
  /** Six hexadecimal digits. */
  readonly color: string
  /** GitHub takes at most 100 characters. */
  readonly description: string
}

const label = (key: string, color: string, description: string): StateLabel => ({
  name: `${LABEL_PREFIX}${key}`,
  color,
  description: `Yardmaster: ${description}`,
})

const QUEUED = label('queued', 'c5def5', 'waits for its turn; the status comment says why')
const WORKING = label('working', 'fbca04', 'an agent works on it')

const LABELS: Readonly<Record<StateKind, StateLabel | null>> = {
  blocked: QUEUED,
  queued: QUEUED,
  retrying: QUEUED,
  running: WORKING,
  publishing: WORKING,
  parked: label('needs-answer', 'd93f0b', 'a question waits for a person'),
  gated: label('needs-approval', 'd93f0b', 'a person must approve'),
  'in-review': label('needs-review', '0e8a16', 'a pull request waits for review'),
  held: label('held', 'bfd4f2', 'held by a person'),
  failed: label('failed', 'b60205', 'could not be done; the status comment says why'),
  done: label('done', '5319e7', 'done'),
  cancelled: null,
}

/** Null: a withdrawn task wears no label of ours. */
export const stateLabel = (state: TaskState): StateLabel | null => LABELS[state.kind]

/** The label that people set; made where it is missing, so that nobody has to create it by hand. */
export const triggerLabel = (trigger: string): StateLabel => ({
  name: trigger,
  color: '1d76db',
  description: 'Yardmaster works on this issue',
})
