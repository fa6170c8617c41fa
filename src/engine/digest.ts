/**
 * Keeps each repository's review queue in one issue. It is made once somebody owes a look for more than a day, so that
 * whoever reviews in time never sees it; edited in place; and reminds once a day, only of what waits that long. That it
 * is there is GitHub's to remember: it is made only after two looks, a minute apart at least, have not found it.
 */
import { GOES_OUT, deadlineIn } from '../domain/deadline.ts'
import { LONG_AGO } from '../domain/ids.ts'
import type { Instant, RepoId } from '../domain/ids.ts'
import type { Repository } from '../domain/repository.ts'
import { reviewQueue } from '../domain/review-queue.ts'
import type { Owed } from '../domain/review-queue.ts'
import type { RepoPolicy } from '../domain/settings.ts'
import { OPEN } from '../domain/task.ts'
import type { DigestIssue, Digests } from '../ports/digests.ts'
import { isPassing } from '../ports/fault.ts'
import { DIGEST_TITLE, digestBody, nudge } from '../render/digest.ts'
import type { EngineDeps } from './deps.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'

/** A list of what waits for days is early enough. Milliseconds; longer than GitHub takes to show what was made. */
const LOOK = 600_000
const DAY = 86_400_000
/** So long GitHub may not yet show what was made just before this life. Milliseconds (rule). */
const SETTLE = 60_000

interface Known {
  readonly issue: DigestIssue | null
  readonly body: string | null
  /** When this life first looked for it, by the monotonic clock. */
  readonly since: number
  /** The day, in UTC, of the last reminder that this life knows of. */
  readonly nudged: string | null
}

export interface DigestHooks {
  readonly leads: () => boolean
  readonly policyOf: (config: string | null) => RepoPolicy
}

export type DigestDeps = Pick<EngineDeps, 'clock' | 'log' | 'installations' | 'slug'> & {
  readonly digests: Digests
  readonly tracker: Pick<EngineDeps['tracker'], 'createComment'>
  readonly store: Pick<EngineDeps['store'], 'list'> & {
    readonly repositories: Pick<EngineDeps['store']['repositories'], 'all'>
  }
}

export function startDigest(deps: DigestDeps, { leads, policyOf }: DigestHooks): Loop {
  const { store, digests, tracker, clock, log } = deps
  const known = new Map<RepoId, Known>()

  async function turn(signal: AbortSignal): Promise<void> {
    if (!leads()) return known.clear()
    for (const repository of await store.repositories.all()) {
      if (signal.aborted || !leads()) return
      const { id, gone, config } = repository
      const policy = policyOf(config)
      if (gone !== null || policy.kind !== 'ready' || !policy.settings.digest) continue
      if (!deps.installations.serves(id)) continue
      try {
        await keep(repository)
      } catch (error) {
        // Whatever came of it is looked for anew.
        known.delete(id)
        log[isPassing(error) ? 'info' : 'warn'](
          { repo: id, error },
          'the review queue could not be shown',
        )
      }
    }
  }

  async function keep(repository: Repository): Promise<void> {
    const now = clock.now()
    const tasks = await store.list({ repo: repository.id, states: OPEN })
    const queue = reviewQueue(tasks, now)
    const late = queue.filter(({ days }) => days > 0)
    const before = known.get(repository.id)
    // A first look of this life: a list that was left behind says what waited then.
    const issue =
      before?.issue ??
      (before !== undefined && late.length === 0 ? null : await digests.find(repository, deps.slug))
    const since = before?.since ?? clock.monotonic()
    const seen: Known = { body: null, nudged: null, ...before, since, issue }
    known.set(repository.id, seen)
    if (issue === null) {
      const settled = clock.monotonic() - since >= SETTLE
      if (late.length > 0 && settled) await make(repository, queue)
      return
    }
    if (!issue.open) return
    const reminder = isDue(seen, issue, now) ? nudge(late) : null
    if (digestBody(queue) === seen.body && reminder === null) return
    // A person may have closed it since: then it is left alone.
    const fresh =
      before?.issue === null || before === undefined
        ? issue
        : await digests.find(repository, deps.slug)
    known.set(repository.id, { ...seen, issue: fresh })
    if (fresh?.open !== true) return
    await show(repository, { ...seen, issue: fresh }, queue)
    if (reminder !== null) await remind(repository, fresh, { reminder, now })
  }

  /** The issue itself was news for a day. */
  const isDue = ({ nudged }: Known, { createdAt }: DigestIssue, now: Instant): boolean =>
    nudged !== dayOf(now) && now - createdAt >= DAY

  async function make(repository: Repository, queue: readonly Owed[]): Promise<void> {
    const body = digestBody(queue)
    const issue = await digests.create(repository, textOf(body))
    known.set(repository.id, { issue, body, nudged: null, since: clock.monotonic() })
  }

  async function show(
    repository: Repository,
    seen: Known & { readonly issue: DigestIssue },
    queue: readonly Owed[],
  ): Promise<void> {
    const body = digestBody(queue)
    if (body === seen.body) return
    await digests.edit(repository, seen.issue.number, textOf(body))
    known.set(repository.id, { ...seen, body })
  }

  /** The comment's mark names the day, so that another life makes no second one. */
  async function remind(
    repository: Repository,
    issue: DigestIssue,
    { reminder, now }: { readonly reminder: string; readonly now: Instant },
  ): Promise<void> {
    await tracker.createComment(repository, issue.number, {
      body: reminder,
      marker: `nudge:${repository.id}:${dayOf(now)}`,
      formerTry: LONG_AGO,
      notAfter: deadlineIn(GOES_OUT, clock),
      lane: 'projection',
    })
    const seen = known.get(repository.id)
    if (seen !== undefined) known.set(repository.id, { ...seen, nudged: dayOf(now) })
  }

  const textOf = (body: string) => ({
    title: DIGEST_TITLE,
    body,
    notAfter: deadlineIn(GOES_OUT, clock),
  })

  return startLoop({ name: 'digest', clock, log, every: () => LOOK }, turn)
}

const dayOf = (now: Instant): string => new Date(now).toISOString().slice(0, 10)
