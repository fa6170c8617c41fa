// `Closes #12` and its kin: what a merge or a commit on the default branch closes.
import type { Actor } from '../world/app.ts'
import type { Issue, Repository } from '../world/issue.ts'
import { fullNameOf, type World } from '../world/world.ts'
import { closeIssue } from './issues.ts'

const KEYWORD = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:([\w.-]+\/[\w.-]+))?#(\d+)\b/gi

/** The open issues of this repository that the text would close. */
export function closingReferences(repo: Repository, text: string): readonly Issue[] {
  const found = new Set<Issue>()
  for (const [, place, number] of text.matchAll(KEYWORD)) {
    if (place !== undefined && place.toLowerCase() !== fullNameOf(repo).toLowerCase()) continue
    const issue = repo.issues.get(Number(number))
    if (issue !== undefined && issue.pull === null && issue.state === 'open') found.add(issue)
  }
  return [...found]
}

export function closeByKeywords(
  world: World,
  repo: Repository,
  actor: Actor,
  given: { readonly text: string; readonly commitId: string },
): void {
  for (const issue of closingReferences(repo, given.text)) {
    closeIssue(world, issue, actor, { reason: 'completed', commitId: given.commitId })
  }
}
