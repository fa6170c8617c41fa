/**
 * A task of which no record is left: its status comment is from before there were records, or somebody deleted it. Its
 * pull request and labels say where it stood; what was asked for nobody can say, so nothing of it starts by itself.
 */
import { blankTask } from '../../domain/decide/task.ts'
import { snapshotHash } from '../../domain/snapshot.ts'
import type { Snapshot } from '../../domain/snapshot.ts'
import { terminal } from '../../domain/decide/decision.ts'
import type { Task, TaskState, Wish } from '../../domain/task.ts'
import { LABEL_PREFIX } from '../../render/labels.ts'
import type { Evidence } from './evidence.ts'
import { EPOCH_GAP, pullState, refOf } from './judge.ts'
import type { About } from './judge.ts'

export function withoutRecord(evidence: Evidence, about: About, shown: Snapshot): Task {
  const { issue, branch, pull, status } = evidence
  return {
    ...blankTask({ repo: about.repo.id, ...issue }, status?.updatedAt ?? about.now),
    state: stateOf(evidence),
    wish: wishOf(evidence, shown),
    epoch: EPOCH_GAP,
    pushed: branch?.ours === true ? branch.head : null,
    pull: pull === null ? null : refOf(pull),
  }
}

/** The label that stands there is taken for the wish of then, so that only one set anew starts anything. */
function wishOf({ label, status }: Evidence, shown: Snapshot): Wish | null {
  if (label === null || label.actor === null || status === null) return null
  const { actor: by, at } = label
  return { by, at, label: label.label, profile: null, snapshot: snapshotHash(shown) }
}

function stateOf({ pull, issue, status }: Evidence): TaskState {
  if (pull !== null) return pullState(pull)
  const key = issue.labels
    .find((label) => label.startsWith(LABEL_PREFIX))
    ?.slice(LABEL_PREFIX.length)
  if (key === 'failed' || key === 'done')
    return terminal(key, 'the store was lost since; the status comment of that time says more')
  if (status === null || key === undefined)
    return terminal('cancelled', 'nothing of it was under way when the store was lost')
  return {
    kind: 'held',
    by: 'yardmaster',
    reason:
      'the store was lost, and nothing on GitHub says any more what was approved; take the label off and set it again',
  }
}
