/**
 * The door: narrows a delivery to facts, or to nothing, whatever it holds. Nothing deeper ever sees
 * GitHub's JSON. Signatures are checked before, decisions are taken after.
 */
import * as z from 'zod'
import { taskId, type RepoId, type TaskId } from '../domain/ids.ts'
import type { NewFact } from '../ports/store.ts'
import { narrowStatuses, narrowSuites } from './webhook/checks.ts'
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
  readonly counters: WebhookCounters
}

const FAMILIES: ReadonlyMap<string, (payload: unknown, slug: string) => Narrowing> = new Map([
  ['check_suite', narrowSuites],
  ['issue_comment', narrowComments],
  ['issues', narrowIssues],
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
    const aggregate = await aggregateOf(draft, deps.findTask)
    if (aggregate === null) continue
    const suffix = drafts.length === 1 ? '' : `:${index}`
    const own = 'key' in draft ? draft.key : undefined
    const key = own ?? `github:${delivery.id}${suffix}`
    facts.push({ source: 'github', key, aggregate, repo: draft.repo, fact: draft.fact })
  }
  const nobodys = narrowed.kind === 'accepted' && facts.length === 0
  deps.counters[nobodys ? 'irrelevant' : narrowed.kind] += 1
  return facts
}

async function aggregateOf(
  draft: Draft,
  findTask: WebhookDeps['findTask'],
): Promise<NewFact['aggregate'] | null> {
  switch (draft.to) {
    case 'issue':
      return `task:${taskId(draft.repo.id, draft.issue)}`
    case 'repository':
      return `repo:${draft.repo.id}`
    case 'known': {
      const task = await findTask(draft.repo.id, draft.by, draft.number)
      return task === null ? null : `task:${task}`
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
