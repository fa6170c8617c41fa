/** What every judgement about a task of before starts from. */
import type { Instant } from '../../domain/ids.ts'
import type { Surface } from '../../domain/projection.ts'
import type { RepoRef } from '../../domain/repository.ts'
import type { PullRef, TaskState } from '../../domain/task.ts'
import type { PullView } from '../../ports/code-host.ts'

export interface About {
  readonly repo: RepoRef
  readonly now: Instant
  readonly webUrl: string
  /** What shows a task's state in that repository. */
  readonly surfaces: readonly Surface[]
}

/** Above whatever the lost store had counted to since the record was written: nothing of then is taken for new. */
export const EPOCH_GAP = 1_000

export function pullState(pull: PullView): TaskState {
  if (pull.state === 'open') return { kind: 'in-review', pull: refOf(pull) }
  return pull.merged
    ? { kind: 'done', reason: `#${pull.number} was merged before the store was lost` }
    : { kind: 'cancelled', reason: `#${pull.number} was closed before the store was lost` }
}

export const refOf = ({ number, url, head }: PullRef): PullRef => ({ number, url, head })
