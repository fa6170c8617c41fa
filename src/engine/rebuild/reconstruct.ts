/**
 * What a task was, judged from what GitHub tells of it. Work that was live goes on from the queue without using up an
 * attempt; everything else comes back as it stood. What a lost delivery would have told since is the reconciler's to find.
 */
import { emptyReport } from '../../domain/attempt.ts'
import type { Act } from '../../domain/act.ts'
import { UNKNOWN } from '../../domain/budget.ts'
import type { Attempt } from '../../domain/attempt.ts'
import { actOf } from '../../domain/decide/decision.ts'
import { attemptId } from '../../domain/ids.ts'
import type { Instant } from '../../domain/ids.ts'
import { LEDGER_START, chain } from '../../domain/ledger.ts'
import type { RunRecord } from '../../domain/record.ts'
import { TERMINAL, branchOf } from '../../domain/task.ts'
import type { Task } from '../../domain/task.ts'
import type { RebuiltTask } from '../../ports/store.ts'
import { LABEL_PREFIX, stateLabel } from '../../render/labels.ts'
import { visibleText, visibleTitle } from '../../render/visible.ts'
import type { Evidence } from './evidence.ts'
import { fromRecord } from './from-record.ts'
import type { About } from './judge.ts'
import { withoutRecord } from './without-record.ts'

export function reconstruct(evidence: Evidence, about: About): RebuiltTask {
  const { issue, record } = evidence
  const shown = { title: visibleTitle(issue.title), body: visibleText(issue.body) }
  const task =
    record === null
      ? withoutRecord(evidence, about, shown)
      : fromRecord(evidence, record, about, shown)
  const runs = record?.runs ?? []
  return {
    task,
    attempts: runs.map((run) => attemptOf(run, task, about.now)),
    ledger: chain(task.id, LEDGER_START, [
      {
        event: 'task.rebuilt',
        why: `the store was lost; the task is known again from ${sources(evidence).join(', ')}`,
        by: null,
        at: about.now,
        data: { from: sources(evidence), recorded: record?.state ?? null, state: task.state.kind },
      },
    ]),
    snapshot: task.wish !== null && !task.edited ? shown : null,
    surfaces: mustShow(evidence, task) ? about.surfaces : [],
    acts: reminderOf(task, about.now),
  }
}

/** When it is due is looked at as it rings: the settings are not read here. */
const reminderOf = (task: Task, at: Instant): readonly Act[] =>
  task.state.kind === 'parked' && task.question !== null
    ? [actOf(task, { kind: 'wake', timer: 'remind', question: task.question.n, at })]
    : []

function attemptOf(run: RunRecord, task: Task, now: Instant): Attempt {
  const { n, epoch, profile, tier, startedAt, error, usage = UNKNOWN } = run
  const end = run.end ?? { kind: 'lost' as const }
  return {
    id: attemptId(task.id, n),
    task: task.id,
    n,
    epoch,
    profile,
    tier,
    phase: 'agent',
    runner: null,
    startedAt,
    endedAt: run.endedAt ?? now,
    stop: null,
    allowance: null,
    progress: null,
    report: {
      ...emptyReport(end, run.end === null ? 'the store was lost while it ran' : error),
      usage,
    },
  }
}

/** What is shown is out of date: the state is another now, or the label had not been written yet. */
function mustShow({ issue, record, status }: Evidence, task: Task): boolean {
  if (task.wish === null) return false
  if (!TERMINAL.has(task.state.kind) && task.state.kind !== 'in-review') return true
  const worn = issue.labels.filter((label) => label.startsWith(LABEL_PREFIX))
  const wanted = stateLabel(task.state)?.name
  const labels = wanted === undefined ? [] : [wanted]
  const labelled = worn.length === labels.length && worn.every((label) => labels.includes(label))
  return status === null || !labelled || (record !== null && record.state !== task.state.kind)
}

function sources({ status, record, notices, branch, pull, label, issue }: Evidence): string[] {
  return [
    ...(status === null ? [] : [`the status comment ${status.id}`]),
    ...(status !== null && record === null ? ['(which holds no record)'] : []),
    ...(notices.length === 0 ? [] : ['our other comments']),
    ...(branch === null ? [] : [`the branch ${branchOf(issue)}`]),
    ...(pull === null ? [] : [`pull request #${pull.number}`]),
    ...(label === null ? [] : ['the label’s event']),
  ]
}
