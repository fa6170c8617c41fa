/** What happened to an issue before: who set which label, and when its text was last edited. */
import { instant, type Instant } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { LabelEvent } from '../ports/tracker.ts'
import { actorOrNull } from './actors.ts'
import type { Client } from './client.ts'
import { sameRepository } from './head.ts'
import { moment } from './issues.ts'
import { PER_PAGE, allPages } from './pages.ts'
import { LAST_EDITED } from './queries/last-edited.ts'
import { runQuery } from './run-query.ts'

/** Oldest first. */
export async function labelEvents(
  client: Client,
  repo: RepoRef,
  number: number,
): Promise<readonly LabelEvent[]> {
  const octokit = client.on(repo, 'look')
  const events = await allPages(async (page) => {
    const { data, headers } = await octokit.rest.issues.listEvents({
      owner: repo.owner,
      repo: repo.name,
      issue_number: number,
      per_page: PER_PAGE,
      page,
    })
    return { items: data, link: headers.link }
  })
  return events.flatMap((event): readonly LabelEvent[] => {
    if (event.event !== 'labeled' && event.event !== 'unlabeled') return []
    if (!('label' in event) || event.label.name === null) return []
    const label = event.label.name
    const at = moment(event.created_at)
    return [{ kind: event.event, label, actor: actorOrNull(event.actor), at }]
  })
}

/** When title or body was last edited; null: never, or the issue is not there. */
export async function lastEdited(
  client: Client,
  repo: RepoRef,
  number: number,
): Promise<Instant | null> {
  const { repository } = await runQuery(client.on(repo, 'look'), LAST_EDITED, {
    owner: repo.owner,
    name: repo.name,
    number,
  })
  sameRepository(repo, repository.databaseId, "read when the issue's text was last edited")
  const { issue } = repository
  if (issue === null) return null
  const renamed = issue.timelineItems.nodes.map((node) => node?.createdAt)
  const moments = [issue.lastEditedAt, ...renamed].flatMap((at) =>
    typeof at === 'string' ? [Date.parse(at)] : [],
  )
  return moments.length === 0 ? null : instant(Math.max(...moments))
}
