/** Gathers what a decision needs to know, before it is made: one moment, then fixed. Asks GitHub only where the fact needs it. */
import { openFor } from '../domain/decide/replied.ts'
import { permissionNeeded } from '../domain/decide/task.ts'
import type { ChangedFile } from '../domain/attempt.ts'
import type { Subject, World } from '../domain/decide/decision.ts'
import { freshRepository, readdressed } from '../domain/decide/repository.ts'
import type { IssueView, TaskFact } from '../domain/fact.ts'
import type { Instant } from '../domain/ids.ts'
import type { Repository } from '../domain/repository.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import { isTerminal, labelledAt } from '../domain/task.ts'
import { isWishLabel, parseTriggerLabel } from '../domain/trigger.ts'
import { protectedPaths } from '../policy/protected-paths.ts'
import { isPassing } from '../ports/fault.ts'
import type { StoredFact } from '../ports/store.ts'
import type { ChangedIssue } from '../ports/tracker.ts'
import { visibleText, visibleTitle } from '../render/visible.ts'
import type { EngineDeps } from './deps.ts'
import { gatherPull, isAboutPull } from './gather-pull.ts'
import { gatherCard } from './gather-card.ts'
import { gatherOrder } from './gather-order.ts'
import { gatherWords, roleOf } from './gather-words.ts'
import type { Heads } from './heads.ts'

/** Null: the fact concerns nothing that Yardmaster serves. */
export type Gather = (subject: Subject, stored: StoredFact, fact: TaskFact) => Promise<World | null>

export function createGather(
  deps: EngineDeps,
  heads: Heads,
  policyOf: (config: string | null) => RepoPolicy,
): Gather {
  const { store, tracker, clock, operator } = deps

  async function repositoryOf(stored: StoredFact, subject: Subject): Promise<Repository | null> {
    const row = await store.repositories.get(subject.task.repo)
    if (stored.repo === null) return row
    const addressed =
      row === null ? freshRepository(stored.repo, clock.now()) : readdressed(row, stored.repo)
    if (addressed !== row) await store.repositories.save(addressed, [])
    return addressed
  }

  const wishLabel =
    ({ config }: Repository, wished: string | null) =>
    (label: string): boolean => {
      const policy = policyOf(config)
      const trigger = policy.kind === 'ready' ? policy.settings.trigger : 'yardmaster'
      return isWishLabel(label, trigger, wished)
    }

  return async (subject, stored, fact) => {
    if (!deps.installations.serves(subject.task.repo)) return null
    const row = await repositoryOf(stored, subject)
    if (row === null) return null
    const world = (
      repository: Repository,
      permission: World['permission'],
      withdrawn: World['withdrawn'] = null,
    ): World => ({
      now: clock.now(),
      policy: policyOf(repository.config),
      operator,
      permission,
      shown: 'issue' in fact && fact.issue !== null ? shownOf(fact.issue) : null,
      withdrawn,
      guarded: protectedPaths(filesOf(subject, fact), policyOf(repository.config)),
      said: null,
      genuine: null,
      issue: null,
      pause: null,
      pull: null,
      onto: null,
      remarks: [],
      card: null,
    })
    if (fact.kind === 'commanded') {
      const context = { deps, heads, policyOf }
      const { repository, ...words } = await gatherWords(subject, fact, row, context)
      const shown = words.issue === null ? null : shownOf(words.issue.view)
      return { ...world(repository, words.permission), ...words, shown }
    }
    if (fact.kind === 'card-moved') {
      const { repository, ...known } = await gatherCard(subject, fact, row, { deps, heads })
      const shown = known.issue === null ? null : shownOf(known.issue.view)
      return { ...world(repository, known.permission), ...known, shown }
    }
    if (fact.kind === 'ordered') {
      const context = { deps, heads, policyOf }
      const { repository, ...known } = await gatherOrder(subject, fact, row, context)
      const shown = known.issue === null ? null : shownOf(known.issue.view)
      return { ...world(repository, known.permission), ...known, shown }
    }
    // What is protected must be known before anything is pushed.
    if (fact.kind === 'attempt-ended' && row.head === null && fact.report.head !== null)
      return world(await heads.refresh(row).catch(outOfReach(row)), null)
    if (fact.kind === 'replied')
      return world(
        row,
        openFor(subject, fact) === null ? null : await roleOf(row, fact.actor, deps),
      )
    if (isAboutPull(fact))
      return { ...world(row, null), ...(await gatherPull(subject, fact, row, { deps, heads })) }
    if (isMomentDoubtful(subject, fact)) {
      const present = await tracker.issue(row, subject.task.number).catch(unanswered)
      const { label = null } = subject.task.wish ?? {}
      return world(
        row,
        null,
        withdrawal(present, { since: fact.at, isWish: wishLabel(row, label) }),
      )
    }
    if (fact.kind !== 'label-added' || !mayStart(subject)) return world(row, null)

    const known = row.head === null ? await heads.refresh(row) : row
    const policy = policyOf(known.config)
    const trigger = policy.kind === 'ready' ? policy.settings.trigger : 'yardmaster'
    if (parseTriggerLabel(fact.label, trigger).kind === 'none') return world(known, null)

    const asked = permissionNeeded(fact)
    const [fresh, permission, present] = await Promise.all([
      row.head === null ? known : heads.refresh(known),
      asked === null ? null : tracker.permission(known, asked),
      // The reconciler has just read it.
      fact.via === 'reconcile' ? null : tracker.issue(known, subject.task.number),
    ])
    const isWish = (label: string): boolean => parseTriggerLabel(label, trigger).kind !== 'none'
    return world(fresh, permission, withdrawal(present, { since: fact.at, isWish }))
  }
}

/** What was just done or opened. */
function filesOf({ task }: Subject, fact: TaskFact): readonly ChangedFile[] {
  if (fact.kind === 'attempt-ended') return fact.report.files
  const opened = fact.kind === 'act-done' && fact.outcome.kind === 'pull-opened'
  return opened ? (task.report?.files ?? []) : []
}

const shownOf = (issue: Pick<IssueView, 'title' | 'body'>): Snapshot => ({
  title: visibleTitle(issue.title),
  body: visibleText(issue.body),
})

/**
 * Deliveries overtake each other: the one that closed the issue, or took the label off, may have been here before, when
 * there was no task yet. An answer older than the label comes from a replica that lags, and says nothing.
 */
function withdrawal(
  present: ChangedIssue | 'gone' | null,
  { since, isWish }: { readonly since: Instant; readonly isWish: (label: string) => boolean },
): World['withdrawn'] {
  if (present === 'gone') return 'gone'
  if (present === null || present.updatedAt < since) return null
  if (!present.issue.open) return 'closed'
  const worn = present.issue.labels.some(isWish)
  return worn ? 'no' : 'unlabelled'
}

/**
 * Moments are told in whole seconds: a label taken off and set again within the same one, with its deliveries turned
 * round, looks like a wish taken back. Only GitHub can tell which came last.
 */
function isMomentDoubtful(
  { task }: Subject,
  fact: TaskFact,
): fact is Extract<TaskFact, { kind: 'label-removed' | 'issue-closed' }> {
  if (fact.kind !== 'label-removed' && fact.kind !== 'issue-closed') return false
  if (fact.via === 'reconcile' || task.wish === null || isTerminal(task.state)) return false
  return Math.abs(fact.at - labelledAt(task.wish)) < 1_000
}

/** Nobody who takes a wish back waits for a GitHub that does not answer: what they did is believed. */
function unanswered(error: unknown): null {
  if (isPassing(error)) return null
  throw error
}

const mayStart = (subject: Subject): boolean =>
  subject.task.version === 0 || isTerminal(subject.task.state)

/** A repository that is gone keeps no attempt from ending; a passing fault is waited out. */
const outOfReach =
  (row: Repository) =>
  (error: unknown): Repository => {
    if (isPassing(error)) throw error
    return row
  }
