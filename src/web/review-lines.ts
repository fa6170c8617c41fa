/** The review queue as people are shown it, on the terminal and with `--json`. */
import type { Instant, RepoId } from '../domain/ids.ts'
import { slug } from '../domain/repository.ts'
import type { Repository } from '../domain/repository.ts'
import { reviewQueue, TOLD_FOR } from '../domain/review-queue.ts'
import type { Owed, Reviewed } from '../domain/review-queue.ts'
import { isTerminal } from '../domain/task.ts'
import { sayOwed } from '../render/review-words.ts'
import type { ReviewLine } from './view-types.ts'

export function reviewLines(
  tasks: readonly Reviewed[],
  {
    repositories,
    webUrl,
    now,
  }: {
    readonly repositories: readonly Repository[]
    readonly webUrl: string
    readonly now: Instant
  },
): readonly ReviewLine[] {
  const known = new Map<RepoId, Repository>(repositories.map((one) => [one.id, one]))
  return reviewQueue(tasks, now).map((owed, at) => {
    const repository = known.get(owed.repo)
    const name = repository === undefined ? `repository ${owed.repo}` : slug(repository)
    return lineOf(owed, { rank: at + 1, name, webUrl })
  })
}

/** Of what has ended, only what may still be told. */
export const mayBeOwed = ({ state, review }: Reviewed, now: Instant): boolean =>
  !isTerminal(state) || (review?.ended?.at ?? -Infinity) > now - TOLD_FOR

function lineOf(
  owed: Owed,
  at: { readonly rank: number; readonly name: string; readonly webUrl: string },
): ReviewLine {
  const { look, pull, review, need } = owed
  const base = `${at.webUrl}/${at.name}`
  return {
    rank: at.rank,
    pull: `${at.name}#${pull.number}`,
    url: pull.url,
    issue: `${at.name}#${owed.issue}`,
    title: owed.title,
    login: owed.login,
    need,
    since: new Date(owed.since).toISOString(),
    size: owed.size,
    head: pull.head,
    looked:
      look === null
        ? null
        : { head: look.head, verdict: look.verdict, at: new Date(look.at).toISOString() },
    changes:
      look === null || look.head === pull.head
        ? null
        : `${base}/compare/${look.head}...${pull.head}`,
    checks: review.checks,
    merges: review.merges,
    lines: review.size,
    findings: review.findings,
    why: sayOwed(owed),
  }
}
