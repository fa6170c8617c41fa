/** One repository's pass: what changed there, and how its open tasks look, against what is recorded. */
import { GOES_OUT, deadlineIn } from '../domain/deadline.ts'
import { missedClosing, missedOnPull, missedWithdrawal } from '../domain/diff.ts'
import { instant, later } from '../domain/ids.ts'
import type { TaskFact } from '../domain/fact.ts'
import type { Instant } from '../domain/ids.ts'
import { reviewKey } from '../domain/pull-now.ts'
import type { Repository } from '../domain/repository.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import type { NewFact, WatchedTask } from '../ports/store.ts'
import type { ChangedIssue, ObservedPull } from '../ports/tracker.ts'
import { triggerLabel } from '../render/labels.ts'
import type { EngineDeps } from './deps.ts'
import { firstSight } from './first-sight.ts'
import type { Heads } from './heads.ts'
import { missedComments, missedReviews } from './missed-words.ts'
import { missedWish } from './missed-wish.ts'

/** How far behind the cursor each pass looks again: GitHub's lists lag, and its clock is not ours. */
const OVERLAP = 120_000
/** Issues and pull requests per read of GitHub, its limit of nodes for one. */
const AT_ONCE = 100

export type ReconcileDeps = Pick<
  EngineDeps,
  'store' | 'tracker' | 'installations' | 'clock' | 'log' | 'slug' | 'poll'
>

export interface PassContext {
  readonly deps: ReconcileDeps
  readonly heads: Heads
  readonly policyOf: (config: string | null) => RepoPolicy
  /** Head or settings may be new: waiting tasks may start, and say something else. */
  readonly onRead: (repository: Repository) => void
  /** The last pass broke off: what GitHub answered then must be asked for again, whole. */
  readonly unread: boolean
}

export interface RepositoryPass {
  /** Tasks that are not over. */
  readonly open: number
  /** Differences, as facts. */
  readonly found: number
  /** Reads of GitHub that every pass makes; what was asked about single issues besides is not among them. */
  readonly asked: number
}

export async function reconcileRepository(
  known: Repository,
  context: PassContext,
): Promise<RepositoryPass> {
  const { deps } = context
  const repository = await context.heads.refresh(known)
  context.onRead(repository)
  const policy = context.policyOf(repository.config)
  const trigger = policy.kind === 'ready' ? policy.settings.trigger : 'yardmaster'
  const ciFixes = policy.kind === 'ready' ? policy.settings.limits.ciFixes : null
  if (policy.kind === 'ready') await courtesyLabel(repository, trigger, deps)
  if (repository.cursor === null) {
    await firstSight(repository, trigger, deps)
    return { open: 0, found: 0, asked: 2 }
  }
  const since = later(repository.cursor, -OVERLAP)
  const former = context.unread ? 'unread' : undefined
  const changed = (await deps.tracker.changedIssues(repository, since, former)) ?? []
  const said = (await deps.tracker.commentsSince(repository, since, former)) ?? []
  const open = await deps.store.watched(repository.id, 'open')
  const facts = [
    ...(await factsOfChanged(changed, { repository, trigger, deps })),
    ...(await factsOfOpen(open, { repository, trigger, deps, since, ciFixes })),
    ...(await missedComments(said, changed, { repository, deps })),
  ]
  if (facts.length > 0) await deps.store.append(facts)
  const cursor = changed.reduce<Instant>(
    (newest, { updatedAt }) => instant(Math.max(newest, updatedAt)),
    repository.cursor,
  )
  if (cursor !== repository.cursor) {
    const row = await deps.store.repositories.get(repository.id)
    if (row !== null) await deps.store.repositories.save({ ...row, cursor }, [])
  }
  const looked = open.length + open.filter(({ pull }) => pull !== null).length
  return { open: open.length, found: facts.length, asked: 3 + Math.ceil(looked / AT_ONCE) }
}

/** People can only set a label that exists. That it cannot be made stops nothing else. */
async function courtesyLabel(
  repository: Repository,
  trigger: string,
  deps: ReconcileDeps,
): Promise<void> {
  await deps.tracker
    .ensureLabel(repository, triggerLabel(trigger), deadlineIn(GOES_OUT, deps.clock))
    .catch((error: unknown) =>
      deps.log.warn({ error, repo: repository.id }, 'the trigger label could not be made'),
    )
}

interface Pass {
  readonly repository: Repository
  readonly trigger: string
  readonly deps: ReconcileDeps
}

interface PassOverOpen extends Pass {
  readonly since: Instant
  /** As the settings have it at this pass; null: they cannot be read. */
  readonly ciFixes: number | null
}

async function factsOfChanged(
  changed: readonly ChangedIssue[],
  pass: Pass,
): Promise<readonly NewFact[]> {
  const facts: NewFact[] = []
  const known = await pass.deps.store.watched(
    pass.repository.id,
    changed.map(({ issue }) => issue.number),
  )
  const tasks = new Map(known.map((task) => [task.number, task]))
  for (const one of changed) {
    const { issue, updatedAt } = one
    const task = tasks.get(issue.number) ?? null
    const withdrawn = missedWithdrawal(issue, task, { trigger: pass.trigger, at: updatedAt })
    if (withdrawn !== null && task !== null)
      facts.push(found(task, withdrawn, `${withdrawn.kind}:${updatedAt}`, pass))
    const wish = await missedWish(one, task, pass)
    if (wish !== null) facts.push(wish)
  }
  return facts
}

async function factsOfOpen(
  open: readonly WatchedTask[],
  pass: PassOverOpen,
): Promise<readonly NewFact[]> {
  if (open.length === 0) return []
  // Before the question, so that a wish which is set while GitHub answers is newer than the answer.
  const at = pass.deps.clock.now()
  const pulls = open.flatMap((task) => (task.pull === null ? [] : [task.pull.number]))
  const seen = await pass.deps.tracker.observe(pass.repository, {
    issues: open.map((task) => task.number),
    pulls,
  })
  return open.flatMap((task) => {
    const issue = seen.issues.get(task.number)
    const pull = task.pull === null ? null : (seen.pulls.get(task.pull.number) ?? null)
    const words = pull === null ? [] : missedReviews(task, pull, pass)
    const closing = missedClosing(pull, task)
    const fact: TaskFact | null =
      closing ??
      (issue === null || (issue !== undefined && issue.id !== task.issue)
        ? { kind: 'issue-gone', how: 'transferred', actor: null }
        : issue === undefined
          ? null
          : missedWithdrawal(issue, task, { trigger: pass.trigger, at }))
    if (fact !== null) return [...words, found(task, fact, `${fact.kind}:v${task.version}`, pass)]
    const shown = missedOnPull(pull, task).map((one) => onPull(task, one, { pass, pull }))
    return [...words, ...shown]
  })
}

/**
 * A review is taken once; of the rest each new sight counts, for it leads to no more than a closer look. Nothing comes of
 * red checks while the settings allow no fixes or cannot be read, and that look leaves no trace on the task: once they
 * say otherwise, the same red is a new sight.
 */
function onPull(
  task: WatchedTask,
  fact: TaskFact,
  { pass, pull }: { readonly pass: PassOverOpen; readonly pull: ObservedPull | null },
): NewFact {
  const sight = `${pull?.head}:${pull?.checks}:${pull?.merges}:${pass.ciFixes}`
  const fresh = found(task, fact, `${fact.kind}:v${task.version}:${sight}`, pass)
  if (fact.kind !== 'review-submitted') return fresh
  return { ...fresh, key: reviewKey(pass.repository.id, fact.review) }
}

/** The key names what was seen, so that two passes that see the same thing bring one fact. */
function found(task: WatchedTask, fact: TaskFact, what: string, pass: Pass): NewFact {
  return {
    source: 'reconcile',
    key: `reconcile:${task.id}:${what}`,
    aggregate: `task:${task.id}`,
    repo: pass.repository,
    fact,
  }
}
