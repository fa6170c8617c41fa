/** Reads issues. Pull requests, which GitHub lists among them, are left out everywhere. */
import type { IssueView } from '../domain/fact.ts'
import { instant, issueId, type Instant } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import { WorldFault } from '../ports/fault.ts'
import { NotModified, isMissing, type Client } from './client.ts'
import { PER_PAGE, allPages, hasNext } from './pages.ts'
import type { ChangedIssue } from '../ports/tracker.ts'

interface RestIssue {
  readonly id: number
  readonly number: number
  readonly title: string
  readonly body?: string | null | undefined
  readonly state: string
  readonly labels: readonly (string | { readonly name?: string | undefined })[]
  readonly updated_at: string
  readonly pull_request?: unknown
}

const address = (repo: RepoRef) => ({ owner: repo.owner, repo: repo.name })

/** A replica that lags may not know a new issue yet, and says the same as of one that never was: only `gone` is for good. */
export async function readIssue(
  client: Client,
  repo: RepoRef,
  number: number,
): Promise<ChangedIssue | 'gone' | null> {
  try {
    const { data } = await client
      .on(repo, 'look')
      .rest.issues.get({ ...address(repo), issue_number: number })
    if (data.pull_request !== undefined) return null
    return { issue: viewOf(data), updatedAt: moment(data.updated_at) }
  } catch (error) {
    if (error instanceof WorldFault && error.kind === 'gone') return 'gone'
    if (isMissing(error)) return null
    throw error
  }
}

/** Open issues that wear the label. */
export async function labelledIssues(
  client: Client,
  repo: RepoRef,
  label: string,
): Promise<readonly IssueView[]> {
  const octokit = client.on(repo, 'look')
  const found = await allPages(async (page) => {
    const query = { labels: label, state: 'open', sort: 'created', direction: 'asc' } as const
    const { data, headers } = await octokit.rest.issues.listForRepo({
      ...address(repo),
      ...query,
      per_page: PER_PAGE,
      page,
    })
    return { items: data, link: headers.link }
  })
  return found.filter(isIssue).map(viewOf)
}

export type ReadChanged = (
  repo: RepoRef,
  since: Instant | null,
  former?: 'unread',
) => Promise<readonly ChangedIssue[] | null>

/** A conditional read: an answer of "not modified" costs nothing of the hour's budget. */
export function createChangedIssues(client: Client): ReadChanged {
  /** Per repository, the last question and the tag of its answer. */
  const tags = new Map<number, { readonly since: Instant | null; readonly etag: string }>()

  return async (repo, since, former) => {
    const octokit = client.on(repo, 'look')
    const known = former === 'unread' ? undefined : tags.get(repo.id)
    tags.delete(repo.id)
    try {
      const issues = await allPages(async (page) => {
        const query = { state: 'all', sort: 'updated', direction: 'asc' } as const
        const conditional = page === 1 && known !== undefined && known.since === since
        const { data, headers } = await octokit.rest.issues.listForRepo({
          ...address(repo),
          ...query,
          per_page: PER_PAGE,
          page,
          ...(since === null ? {} : { since: new Date(since).toISOString() }),
          ...(conditional ? { headers: { 'if-none-match': known.etag } } : {}),
        })
        // With a further page, or when one is about to begin, the first one's tag would hide changes, which come last.
        const whole = data.length < PER_PAGE && !hasNext(headers.link)
        if (page === 1 && headers.etag !== undefined && whole)
          tags.set(repo.id, { since, etag: headers.etag })
        return { items: data, link: headers.link }
      })
      return issues
        .filter(isIssue)
        .map((issue) => ({ issue: viewOf(issue), updatedAt: moment(issue.updated_at) }))
    } catch (error) {
      if (!(error instanceof NotModified) || known === undefined) throw error
      tags.set(repo.id, known)
      return null
    }
  }
}

const isIssue = (issue: RestIssue): boolean => issue.pull_request === undefined

export const viewOf = (issue: RestIssue): IssueView => ({
  id: issueId(issue.id),
  number: issue.number,
  title: issue.title,
  body: issue.body ?? '',
  open: issue.state === 'open',
  labels: issue.labels.flatMap((label) => {
    const name = typeof label === 'string' ? label : label.name
    return name === undefined ? [] : [name]
  }),
})

/** GitHub's ISO 8601 timestamps, as an instant. */
export const moment = (timestamp: string): Instant => instant(Date.parse(timestamp))
