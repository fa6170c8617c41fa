/** The present state of known issues and pull requests, for the reconciler: one read per hundred. */
import type { Actor } from '../domain/actor.ts'
import type { IssueView } from '../domain/fact.ts'
import { issueId, sha } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { Observed, ObservedPull, ReviewFound } from '../ports/tracker.ts'
import { actorOf } from './actors.ts'
import type { Client } from './client.ts'
import { sameRepository } from './head.ts'
import { moment } from './issues.ts'
import { observeQuery, type IssueNode, type PullNode } from './queries/observe.ts'
import { SAYS, mergesOf } from './pull-now.ts'
import { runQuery } from './run-query.ts'

const AT_ONCE = 100

export async function observe(
  client: Client,
  repo: RepoRef,
  numbers: { readonly issues: readonly number[]; readonly pulls: readonly number[] },
): Promise<Observed> {
  const asked = [
    ...numbers.issues.map((number) => ({ kind: 'issue' as const, number })),
    ...numbers.pulls.map((number) => ({ kind: 'pull' as const, number })),
  ]
  const issues = new Map<number, IssueView | null>()
  const pulls = new Map<number, ObservedPull | null>()
  for (let start = 0; start < asked.length; start += AT_ONCE) {
    const part = asked.slice(start, start + AT_ONCE)
    const wanted = (kind: 'issue' | 'pull') =>
      part.flatMap((one) => (one.kind === kind ? [one.number] : []))
    await observePart(
      { client, repo, issues: wanted('issue'), pulls: wanted('pull') },
      {
        issues,
        pulls,
      },
    )
  }
  return { issues, pulls }
}

interface Part {
  readonly client: Client
  readonly repo: RepoRef
  readonly issues: readonly number[]
  readonly pulls: readonly number[]
}

async function observePart(
  part: Part,
  into: {
    readonly issues: Map<number, IssueView | null>
    readonly pulls: Map<number, ObservedPull | null>
  },
): Promise<void> {
  const { client, repo, issues, pulls } = part
  const { repository } = await runQuery(
    client.on(repo, pulls.length === 0 ? 'look' : 'review'),
    observeQuery(issues.length, pulls.length),
    {
      owner: repo.owner,
      name: repo.name,
      ...Object.fromEntries(issues.map((number, index) => [`i${index}`, number])),
      ...Object.fromEntries(pulls.map((number, index) => [`p${index}`, number])),
    },
  )
  sameRepository(repo, repository.databaseId, 'look at open tasks')
  for (const [index, number] of issues.entries()) {
    const node = repository[`i${index}`]
    into.issues.set(number, isIssue(node) ? issueView(node) : null)
  }
  for (const [index, number] of pulls.entries()) {
    const node = repository[`p${index}`]
    into.pulls.set(number, isPull(node) ? pullView(node) : null)
  }
}

type Node = IssueNode | PullNode | number | null | undefined
const isIssue = (node: Node): node is IssueNode => isObject(node) && 'title' in node
const isPull = (node: Node): node is PullNode => isObject(node) && !('title' in node)
const isObject = (node: Node): node is IssueNode | PullNode =>
  typeof node === 'object' && node !== null

const issueView = (node: IssueNode): IssueView => ({
  id: issueId(node.databaseId),
  number: node.number,
  title: node.title,
  body: node.body,
  open: node.state === 'OPEN',
  labels: (node.labels?.nodes ?? []).flatMap((label) => (label === null ? [] : [label.name])),
})

const ROLLUP: Readonly<Record<string, ObservedPull['checks']>> = {
  SUCCESS: 'green',
  FAILURE: 'red',
  ERROR: 'red',
  PENDING: 'pending',
  EXPECTED: 'pending',
}

const pullView = (node: PullNode): ObservedPull => ({
  number: node.number,
  head: sha(node.headRefOid),
  merges: mergesOf(node),
  checks: ROLLUP[node.statusCheckRollup?.state ?? ''] ?? 'none',
  open: node.state === 'OPEN',
  merged: node.state === 'MERGED',
  mergedBy: personOf(node.mergedBy),
  reviews: (node.reviews?.nodes ?? []).flatMap((review): readonly ReviewFound[] => {
    if (review === null || review.databaseId === null || review.submittedAt === null) return []
    const { databaseId: id, body: text, submittedAt, lastEditedAt, author, commit } = review
    const says = SAYS[review.state]
    if (says === null) return []
    const head = commit === null ? null : sha(commit.oid)
    const edited = lastEditedAt !== null
    return [{ id, author: personOf(author), says, head, text, at: moment(submittedAt), edited }]
  }),
})

function personOf(by: PullNode['mergedBy']): Actor | null {
  if (by === null || typeof by.databaseId !== 'number') return null
  return actorOf({ id: by.databaseId, login: by.login, type: by.__typename })
}
