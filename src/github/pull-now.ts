/** Looks at one pull request: what GitHub shows of it, in the product's own words. */
import { plainText } from '../domain/plain-text.ts'
import { sha } from '../domain/ids.ts'
import type { PullNow, RedCheck, ReviewSays, SubmittedReview } from '../domain/pull-now.ts'
import type { RepoRef } from '../domain/repository.ts'
import { actorOf } from './actors.ts'
import type { Client } from './client.ts'
import { sameRepository } from './head.ts'
import { moment } from './issues.ts'
import { PULL_NOW, type CheckNode, type PullNode, type ReviewNode } from './queries/pull-now.ts'
import { runQuery } from './run-query.ts'

/** Characters of one check's words: what an agent needs of a log is where it ends. A judgement. */
const LOG = 12_000

/** Null: there is no such pull request. */
export async function pullNow(
  { client, appId }: { readonly client: Client; readonly appId: number },
  repo: RepoRef,
  number: number,
): Promise<PullNow | null> {
  const variables = { owner: repo.owner, name: repo.name, number }
  const { repository } = await runQuery(client.on(repo, 'review'), PULL_NOW, variables)
  sameRepository(repo, repository.databaseId, PULL_NOW.name)
  return repository.pullRequest === null ? null : shown(repository.pullRequest, appId)
}

function shown(node: PullNode, appId: number): PullNow {
  const contexts = present(node.statusCheckRollup?.contexts.nodes)
  const required = contexts.filter((one) => one.isRequired && !isOwn(one, appId))
  const red = required.filter((one) => outcomeOf(one) === 'red')
  return {
    number: node.number,
    url: node.url,
    open: node.state === 'OPEN',
    merged: node.state === 'MERGED',
    head: sha(node.headRefOid),
    openedAt: moment(node.createdAt),
    merges: mergesOf(node),
    checks: checksOf(required),
    red: red.map(redCheck),
    reviews: present(node.reviews?.nodes).flatMap((one) => reviewOf(one) ?? []),
    reviewers: present(node.reviewRequests?.nodes).flatMap(
      ({ requestedReviewer }) => requestedReviewer?.login ?? [],
    ),
    size: { files: node.changedFiles, additions: node.additions, deletions: node.deletions },
  }
}

const present = <T>(nodes: readonly (T | null)[] | null | undefined): readonly T[] =>
  (nodes ?? []).filter((node) => node !== null)

const isOwn = (check: CheckNode, appId: number): boolean =>
  check.__typename === 'CheckRun' && check.checkSuite.app?.databaseId === appId

export function mergesOf({
  mergeable,
  mergeStateStatus,
}: Pick<PullNode, 'mergeable' | 'mergeStateStatus'>): PullNow['merges'] {
  if (mergeable === 'CONFLICTING') return 'conflict'
  if (mergeStateStatus === 'BEHIND') return 'behind'
  return mergeable === 'MERGEABLE' ? 'clean' : 'unknown'
}

const GREEN = new Set(['SUCCESS', 'NEUTRAL', 'SKIPPED'])

function outcomeOf(check: CheckNode): 'green' | 'red' | 'pending' {
  if (check.__typename === 'CheckRun') {
    if (check.status !== 'COMPLETED') return 'pending'
    // A run that a newer one has pushed aside says nothing.
    if (check.conclusion === 'STALE') return 'pending'
    return GREEN.has(check.conclusion ?? '') ? 'green' : 'red'
  }
  if (check.state === 'SUCCESS') return 'green'
  return check.state === 'FAILURE' || check.state === 'ERROR' ? 'red' : 'pending'
}

function checksOf(required: readonly CheckNode[]): PullNow['checks'] {
  const outcomes = new Set(required.map(outcomeOf))
  if (outcomes.size === 0) return 'none'
  if (outcomes.has('red')) return 'red'
  return outcomes.has('pending') ? 'pending' : 'green'
}

function redCheck(check: CheckNode): RedCheck {
  if (check.__typename === 'StatusContext')
    return { name: check.context, log: tail(check.description ?? '') }
  const annotations = present(check.annotations?.nodes).map(
    ({ path, message, location }) => `${path}:${location.start.line}: ${message}`,
  )
  const parts = [check.title ?? '', check.summary ?? '', check.text ?? '', annotations.join('\n')]
  return { name: check.name, log: tail(parts.filter((part) => part.trim() !== '').join('\n\n')) }
}

const tail = (text: string): string => plainText(text).slice(-LOG).toWellFormed()

export const SAYS: Readonly<Record<ReviewNode['state'], ReviewSays | null>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes',
  COMMENTED: 'commented',
  DISMISSED: 'dismissed',
  PENDING: null,
}

function reviewOf({
  state,
  databaseId,
  submittedAt,
  commit,
  author,
}: ReviewNode): SubmittedReview | null {
  const says = SAYS[state]
  if (says === null || databaseId === null || submittedAt === null || commit === null) return null
  const id = author?.databaseId
  return {
    id: databaseId,
    says,
    actor:
      author === null || typeof id !== 'number'
        ? null
        : actorOf({ id, login: author.login, type: author.__typename }),
    head: sha(commit.oid),
    at: moment(submittedAt),
  }
}
