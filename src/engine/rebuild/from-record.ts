/** A task as its record tells of it, and as far beyond as a pull request or a last word on GitHub shows it to have come. */
import { gateKey, questionKey } from '../../domain/decide/decision.ts'
import { blankTask } from '../../domain/decide/task.ts'
import { taskId } from '../../domain/ids.ts'
import type { TaskId } from '../../domain/ids.ts'
import type { TaskRecord } from '../../domain/record.ts'
import { questionName } from '../../domain/question.ts'
import { slug } from '../../domain/repository.ts'
import { snapshotHash } from '../../domain/snapshot.ts'
import type { Snapshot } from '../../domain/snapshot.ts'
import type { PullRef, Task, TaskState } from '../../domain/task.ts'
import type { Evidence } from './evidence.ts'
import { EPOCH_GAP, pullState, refOf } from './judge.ts'
import type { About } from './judge.ts'

export function fromRecord(
  evidence: Evidence,
  record: TaskRecord,
  about: About,
  shown: Snapshot,
): Task {
  const { issue, branch, status } = evidence
  const { wish, report, priority, attempts, failures, losses, redBase, createdAt } = record
  const edited = wish !== null && snapshotHash(shown) !== wish.snapshot
  const pull = evidence.pull ?? recordedPull(record, about)
  const state = stateOf(evidence, record, { about, edited })
  return {
    ...blankTask({ repo: about.repo.id, ...issue }, createdAt),
    ...record.steering,
    state,
    wish,
    edited,
    priority,
    attempts,
    epoch: record.epoch + EPOCH_GAP,
    failures,
    losses,
    report,
    redBase,
    gate: state.kind === 'gated' ? record.steering.gate : null,
    question: state.kind === 'parked' ? record.steering.question : null,
    pushed: branch?.ours === true ? branch.head : record.pushed,
    pull: pull === null ? null : refOf(pull),
    changedAt: status?.updatedAt ?? about.now,
  }
}

function stateOf(
  { pull, branch, notices, issue }: Evidence,
  record: TaskRecord,
  { about, edited }: { readonly about: About; readonly edited: boolean },
): TaskState {
  const { state, reason, wish } = record
  if (state === 'done' || state === 'failed' || state === 'cancelled')
    return { kind: state, reason }
  const { hold } = record.steering
  if (state === 'held') return { kind: 'held', by: hold?.by ?? 'yardmaster', reason }
  if (state === 'in-review') {
    const known = recordedPull(record, about)
    if (known !== null) return { kind: 'in-review', pull: known }
  }
  // From here on it was live, and may have come further than the comment had time to say.
  const id = taskId(about.repo.id, issue.id)
  if (wish !== null && notices.includes(`comment:${id}:failed:${wish.at}`))
    return {
      kind: 'failed',
      reason: 'it failed before the store was lost; the comment of that time says why',
    }
  if (pull !== null && isNews(pull, { branch, record })) return pullState(pull)
  if (edited)
    return {
      kind: 'held',
      by: 'yardmaster',
      reason:
        'the store was lost, and the text was edited since it was approved; take the label off and set it again',
    }
  const open = openQuestion(notices, record, id)
  if (open !== null) return open
  if (hold !== null) return { kind: 'held', by: hold.by, reason: hold.reason }
  return openGate(notices, record, id) ?? { kind: 'queued' }
}

/** It is still open when it was asked on GitHub; otherwise the work is done and asked about anew. */
function openGate(
  notices: Evidence['notices'],
  { state, wish, steering: { gate } }: TaskRecord,
  task: TaskId,
): TaskState | null {
  if (state !== 'gated' || gate === null || wish === null) return null
  return notices.includes(gateKey(task, wish, gate)) ? { kind: 'gated', gate: gate.head } : null
}

/** As for a gate: a question that nobody was asked is asked anew, by whoever did, under its next name. */
function openQuestion(
  notices: Evidence['notices'],
  { state, wish, steering: { question } }: TaskRecord,
  task: TaskId,
): TaskState | null {
  if (state !== 'parked' || question === null || wish === null) return null
  const asked = notices.includes(questionKey(task, wish, question))
  return asked ? { kind: 'parked', question: questionName(question) } : null
}

/** Opened or pushed to by us after the comment was written. */
function isNews(
  pull: PullRef,
  { branch, record }: { readonly branch: Evidence['branch']; readonly record: TaskRecord },
): boolean {
  if (record.pull === null || pull.number !== record.pull.number) return true
  return branch?.ours === true && branch.head !== record.pushed
}

const recordedPull = ({ pull }: TaskRecord, { repo, webUrl }: About): PullRef | null =>
  pull === null ? null : { ...pull, url: `${webUrl}/${slug(repo)}/pull/${pull.number}` }
