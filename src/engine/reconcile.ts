/**
 * Reads what GitHub shows and puts the differences into the same inbox that webhooks fill: with every webhook lost,
 * the tasks still end in the same state. One conditional list and one GraphQL read per repository and pass.
 */
import { missedClosing, missedWithdrawal } from '../domain/diff.ts'
import { instant, later } from '../domain/ids.ts'
import type { TaskFact } from '../domain/fact.ts'
import type { Instant, RepoId } from '../domain/ids.ts'
import type { Repository } from '../domain/repository.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import type { Task } from '../domain/task.ts'
import { isPassing } from '../ports/fault.ts'
import type { NewFact } from '../ports/store.ts'
import type { ChangedIssue } from '../ports/tracker.ts'
import type { EngineDeps } from './deps.ts'
import { triggerLabel } from '../render/labels.ts'
import { missedWish } from './missed-wish.ts'
import { firstSight } from './first-sight.ts'
import type { Heads } from './heads.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'

/** Every minute while work is open (design §2: 60–120 s), backing off to ten when nothing is. Milliseconds. */
const BUSY = 60_000
const IDLE_MAX = 600_000
/** How far behind the cursor each pass looks again: GitHub's lists lag, and its clock is not ours. */
const OVERLAP = 120_000

export interface ReconcileHooks {
  readonly heads: Heads
  readonly policyOf: (config: string | null) => RepoPolicy
  readonly leads: () => boolean
  /** Head or settings may be new: waiting tasks may start, and say something else. */
  readonly onRead: (repository: Repository) => void
}

export function startReconciler(deps: EngineDeps, hooks: ReconcileHooks): Loop {
  const { store, clock, log } = deps
  let every = BUSY
  /** Their last pass broke off: what GitHub answered then must be asked for again, whole. */
  const unread = new Set<RepoId>()

  async function turn(signal: AbortSignal): Promise<void> {
    if (!hooks.leads()) return
    const open = await store.list({ states: OPEN })
    const repositories = await store.repositories.all()
    // A repository that has not been looked at yet counts as work: its first label may come at any moment.
    const unseen = repositories.some((each) => each.cursor === null)
    every = open.length > 0 || unseen ? BUSY : Math.min(every * 2, IDLE_MAX)
    for (const repository of repositories) {
      if (signal.aborted || !hooks.leads()) return
      if (repository.gone !== null || !deps.installations.serves(repository.id)) continue
      const tasks = open.filter((task) => task.repo === repository.id)
      try {
        await reconcileRepository(repository, tasks, { deps, hooks, unread })
        unread.delete(repository.id)
      } catch (error) {
        unread.add(repository.id)
        if (!isPassing(error))
          log.warn(
            { error, repo: repository.id },
            'a repository could not be reconciled; the next pass tries again',
          )
        else
          log.info(
            { repo: repository.id, error: error.message },
            'GitHub did not answer; the next pass tries again',
          )
      }
    }
  }
  return startLoop({ name: 'reconciler', clock, log, every: () => every }, turn)
}

const OPEN = [
  'blocked',
  'queued',
  'held',
  'running',
  'publishing',
  'parked',
  'gated',
  'retrying',
  'in-review',
] as const

interface Context {
  readonly deps: EngineDeps
  readonly hooks: ReconcileHooks
  readonly unread: ReadonlySet<RepoId>
}

/** One repository's pass. */
export async function reconcileRepository(
  known: Repository,
  open: readonly Task[],
  { deps, hooks, unread }: Context,
): Promise<void> {
  const repository = await hooks.heads.refresh(known)
  hooks.onRead(repository)
  const policy = hooks.policyOf(repository.config)
  const trigger = policy.kind === 'ready' ? policy.settings.trigger : 'yardmaster'
  if (policy.kind === 'ready') await courtesyLabel(repository, trigger, deps)
  if (repository.cursor === null) return firstSight(repository, trigger, deps)

  const since = later(repository.cursor, -OVERLAP)
  const former = unread.has(repository.id) ? 'unread' : undefined
  const changed = (await deps.tracker.changedIssues(repository, since, former)) ?? []
  const facts = [
    ...(await factsOfChanged(changed, { repository, trigger, deps })),
    ...(await factsOfOpen(open, { repository, trigger, deps })),
  ]
  if (facts.length > 0) await deps.store.append(facts)
  const cursor = changed.reduce<Instant>(
    (newest, { updatedAt }) => instant(Math.max(newest, updatedAt)),
    repository.cursor,
  )
  if (cursor === repository.cursor) return
  const row = await deps.store.repositories.get(repository.id)
  if (row !== null) await deps.store.repositories.save({ ...row, cursor }, [])
}

/** People can only set a label that exists. That it cannot be made stops nothing else. */
async function courtesyLabel(
  repository: Repository,
  trigger: string,
  deps: EngineDeps,
): Promise<void> {
  await deps.tracker
    .ensureLabel(repository, triggerLabel(trigger))
    .catch((error: unknown) =>
      deps.log.warn({ error, repo: repository.id }, 'the trigger label could not be made'),
    )
}

interface Pass {
  readonly repository: Repository
  readonly trigger: string
  readonly deps: EngineDeps
}

async function factsOfChanged(
  changed: readonly ChangedIssue[],
  pass: Pass,
): Promise<readonly NewFact[]> {
  const facts: NewFact[] = []
  for (const { issue, updatedAt } of changed) {
    const task = await pass.deps.store.find(pass.repository.id, issue.number)
    const withdrawn = missedWithdrawal(issue, task, { trigger: pass.trigger, at: updatedAt })
    if (withdrawn !== null && task !== null)
      facts.push(found(task, withdrawn, `${withdrawn.kind}:${updatedAt}`, pass))
    const wish = await missedWish(issue, task, pass)
    if (wish !== null) facts.push(wish)
  }
  return facts
}

async function factsOfOpen(open: readonly Task[], pass: Pass): Promise<readonly NewFact[]> {
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
    const closing = missedClosing(pull, task)
    const fact: TaskFact | null =
      closing ??
      (issue === null || (issue !== undefined && issue.id !== task.issue)
        ? { kind: 'issue-gone', how: 'transferred', actor: null }
        : issue === undefined
          ? null
          : missedWithdrawal(issue, task, { trigger: pass.trigger, at }))
    return fact === null ? [] : [found(task, fact, `${fact.kind}:v${task.version}`, pass)]
  })
}

/** The key names what was seen, so that two passes that see the same thing bring one fact. */
function found(task: Task, fact: TaskFact, what: string, pass: Pass): NewFact {
  return {
    source: 'reconcile',
    key: `reconcile:${task.id}:${what}`,
    aggregate: `task:${task.id}`,
    repo: pass.repository,
    fact,
  }
}
