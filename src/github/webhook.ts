/**
 * The door: narrows a delivery to facts, or to nothing, whatever it holds. Nothing deeper ever sees
 * GitHub's JSON. Signatures are checked before, decisions are taken after.
 */
import * as z from 'zod'
import { taskId, type InstallationId, type RepoId, type TaskId } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { NewFact } from '../ports/store.ts'
import { narrowCheckRuns } from './webhook/buttons.ts'
import { narrowStatuses, narrowSuites } from './webhook/checks.ts'
import { narrowCards } from './webhook/cards.ts'
import { narrowComments, narrowReviews } from './webhook/comments.ts'
import { narrowInstallation, narrowInstallationRepositories } from './webhook/installations.ts'
import { narrowIssues } from './webhook/issues.ts'
import { narrowPulls } from './webhook/pulls.ts'
import { narrowPush } from './webhook/push.ts'
import { narrowRepository } from './webhook/repository.ts'
import type { Draft, Narrowing } from './webhook/shapes.ts'

export interface Delivery {
  /** `X-GitHub-Delivery`; a redelivery carries the same. */
  readonly id: string
  /** `X-GitHub-Event`. */
  readonly name: string
  readonly payload: unknown
}

export interface WebhookCounters {
  /** Deliveries that became facts. */
  accepted: number
  /** Known events that do not concern us. */
  irrelevant: number
  /** Caused by our own App. */
  ours: number
  /** Events that we know no use for. */
  unknown: number
  /** Events that should look otherwise. */
  malformed: number
}

export const createWebhookCounters = (): WebhookCounters => ({
  accepted: 0,
  irrelevant: 0,
  ours: 0,
  unknown: 0,
  malformed: 0,
})

export type Narrowed =
  | { readonly kind: 'accepted'; readonly drafts: readonly Draft[] }
  | { readonly kind: Exclude<keyof WebhookCounters, 'accepted'> }

export interface WebhookDeps {
  /** The App's slug: what its account `<slug>[bot]` does is no news to us. */
  readonly slug: string
  /** By the number of its issue, or of the pull request that it opened. */
  readonly findTask: (repo: RepoId, by: 'issue' | 'pull', number: number) => Promise<TaskId | null>
  /** A repository that names that board; null: none does. */
  readonly findBoard: (
    installation: InstallationId,
    board: { readonly owner: string; readonly project: number },
  ) => Promise<RepoRef | null>
  readonly counters: WebhookCounters
}

const FAMILIES: ReadonlyMap<string, (payload: unknown, slug: string) => Narrowing> = new Map([
  ['check_run', narrowCheckRuns],
  ['check_suite', narrowSuites],
  ['issue_comment', narrowComments],
  ['issues', narrowIssues],
  ['projects_v2_item', narrowCards],
  ['pull_request', narrowPulls],
  ['pull_request_review', narrowReviews],
  ['push', narrowPush],
  ['repository', narrowRepository],
  ['status', narrowStatuses],
  ['installation', narrowInstallation],
  ['installation_repositories', narrowInstallationRepositories],
])

const deliveryId = z.string().regex(/^[A-Za-z0-9-]{1,100}$/)
const sentBy = z.object({ sender: z.object({ login: z.string() }) })

/** Pure, total: no payload makes it throw. */
export function narrow(delivery: Delivery, slug: string): Narrowed {
  const family = FAMILIES.get(delivery.name)
  if (family === undefined) return { kind: 'unknown' }
  if (!deliveryId.safeParse(delivery.id).success) return { kind: 'malformed' }
  if (isOurs(delivery.payload, slug)) return { kind: 'ours' }
  const drafts = family(delivery.payload, slug)
  if (drafts === 'malformed') return { kind: 'malformed' }
  return drafts.length === 0 ? { kind: 'irrelevant' } : { kind: 'accepted', drafts }
}

/** The facts of a delivery, addressed. Throws only what `findTask` throws: then GitHub may deliver again. */
export async function factsOf(delivery: Delivery, deps: WebhookDeps): Promise<readonly NewFact[]> {
  const narrowed = narrow(delivery, deps.slug)
  const drafts = narrowed.kind === 'accepted' ? narrowed.drafts : []
  const facts: NewFact[] = []
  for (const [index, draft] of drafts.entries()) {
    const to = await addressOf(draft, deps)
    if (to === null) continue
    const suffix = drafts.length === 1 ? '' : `:${index}`
    const own = 'key' in draft ? draft.key : undefined
    const key = own ?? `github:${delivery.id}${suffix}`
    facts.push({ source: 'github', key, ...to, fact: draft.fact })
  }
  const nobodys = narrowed.kind === 'accepted' && facts.length === 0
  deps.counters[nobodys ? 'irrelevant' : narrowed.kind] += 1
  return facts
}

async function addressOf(
  draft: Draft,
  { findTask, findBoard }: Pick<WebhookDeps, 'findTask' | 'findBoard'>,
): Promise<Pick<NewFact, 'aggregate' | 'repo'> | null> {
  switch (draft.to) {
    case 'issue': {
      const { repo } = draft
      return { aggregate: `task:${taskId(repo.id, draft.issue)}`, repo }
    }
    case 'repository':
      return { aggregate: `repo:${draft.repo.id}`, repo: draft.repo }
    case 'board': {
      const repo = await findBoard(draft.installation, draft.fact.card)
      return repo === null ? null : { aggregate: `repo:${repo.id}`, repo }
    }
    case 'known': {
      const { repo } = draft
      const task = await findTask(repo.id, draft.by, draft.number)
      return task === null ? null : { aggregate: `task:${task}`, repo }
    }
    default:
      return draft satisfies never
  }
}

/** Only an App's own account can have a login that ends in `[bot]`. */
function isOurs(payload: unknown, slug: string): boolean {
  const parsed = sentBy.safeParse(payload)
  return parsed.success && parsed.data.sender.login.toLowerCase() === `${slug}[bot]`.toLowerCase()
}
