/** What GitHub still tells of one issue that Yardmaster has worked on. Read once, then judged by `reconstruct`. */
import type { IssueView } from '../../domain/fact.ts'
import type { Sha, TaskId } from '../../domain/ids.ts'
import type { TaskRecord } from '../../domain/record.ts'
import { slug } from '../../domain/repository.ts'
import type { RepoRef } from '../../domain/repository.ts'
import { taskId } from '../../domain/ids.ts'
import { branchOf, TERMINAL } from '../../domain/task.ts'
import { parseTriggerLabel } from '../../domain/trigger.ts'
import type { PullView } from '../../ports/code-host.ts'
import type { LabelEvent, OwnComment } from '../../ports/tracker.ts'
import type { EngineDeps } from '../deps.ts'
import { ownCheck, statusMark } from '../surfaces/marks.ts'
import { readTaskRecord } from './read-record.ts'

export interface Evidence {
  readonly issue: IssueView
  readonly status: OwnComment | null
  readonly record: TaskRecord | null
  /** Keys of the acts that posted our other comments. */
  readonly notices: readonly string[]
  /** Where our branch points. `ours`: we put it there, by the record or by our check run on it. */
  readonly branch: { readonly head: Sha; readonly ours: boolean } | null
  /** The newest from our branch; asked for only where the record may be older than it. */
  readonly pull: PullView | null
  /** Who last set the trigger label; asked for only where no record says so. */
  readonly label: LabelEvent | null
}

export type ReadDeps = Pick<EngineDeps, 'tracker' | 'codeHost'>

export interface Traces {
  readonly comments: ReadonlyMap<number, readonly OwnComment[]>
  readonly branches: ReadonlyMap<number, Sha>
}

/** Everything of ours in the repository, by the number of the issue. */
export async function readTraces(
  repo: RepoRef,
  since: Parameters<EngineDeps['tracker']['ownComments']>[1],
  { tracker, codeHost }: ReadDeps,
): Promise<Traces> {
  const comments = new Map<number, OwnComment[]>()
  for (const comment of await tracker.ownComments(repo, since)) {
    const known = comments.get(comment.number)
    if (known === undefined) comments.set(comment.number, [comment])
    else known.push(comment)
  }
  const prefix = branchOf({ number: 0 }).slice(0, -1)
  const branches = new Map<number, Sha>()
  for (const [name, head] of await codeHost.branches(repo, prefix))
    if (/^[1-9]\d*$/.test(name)) branches.set(Number(name), head)
  return { comments, branches }
}

/** Null: nothing there is of a task of ours. Throws `RecordTooNew`. */
export async function readEvidence(
  about: {
    readonly repo: RepoRef
    readonly issue: IssueView
    readonly traces: Traces
    readonly trigger: string
  },
  deps: ReadDeps,
): Promise<Evidence | null> {
  const { repo, issue, traces } = about
  const id = taskId(repo.id, issue.id)
  const comments = traces.comments.get(issue.number) ?? []
  const { status, record } = statusOf(comments, id, `${slug(repo)}#${issue.number}`)
  const notices = comments
    .flatMap(({ marks }) => marks)
    .filter((mark) => mark.startsWith(`comment:${id}:`))
  const head = traces.branches.get(issue.number) ?? null
  if (status === null && notices.length === 0 && head === null) return null
  const settled = record !== null && (TERMINAL.has(record.state) || record.state === 'in-review')
  return {
    issue,
    status,
    record,
    notices,
    branch: head === null ? null : { head, ours: await isOurs(head, record) },
    pull: settled ? null : await deps.codeHost.findPull(repo, branchOf(issue)),
    label: record === null ? await lastLabel() : null,
  }

  async function isOurs(head: Sha, known: TaskRecord | null): Promise<boolean> {
    return known?.pushed === head || (await deps.tracker.hasCheck(repo, ownCheck({ id }, head)))
  }

  async function lastLabel(): Promise<LabelEvent | null> {
    const events = await deps.tracker.labelEvents(repo, issue.number)
    const set = events.findLast(
      ({ kind, label }) =>
        kind === 'labeled' && parseTriggerLabel(label, about.trigger).kind !== 'none',
    )
    return set ?? null
  }
}

/** Of two status comments the older is the one that is kept, and the newer record the one that is true. */
function statusOf(
  comments: readonly OwnComment[],
  id: TaskId,
  place: string,
): Pick<Evidence, 'status' | 'record'> {
  const marked = comments
    .filter(({ marks }) => marks.includes(statusMark(id)))
    .toSorted((a, b) => a.id - b.id)
  const records = marked
    .flatMap(({ record }) => (record === null ? [] : [readTaskRecord(record, place)]))
    .filter((record) => record !== null)
    .toSorted((a, b) => b.epoch - a.epoch)
  return { status: marked[0] ?? null, record: records[0] ?? null }
}
