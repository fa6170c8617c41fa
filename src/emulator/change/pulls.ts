// Opens, edits and merges pull requests; the branches are real ones in the bare repository.
import { distance } from '../git/commits.ts'
import { locked } from '../git/lock.ts'
import { mergeCommit } from '../git/merge.ts'
import { git } from '../git/run-git.ts'
import { conflict, invalid, Refusal } from '../world/refusal.ts'
import type { Pull, PullIssue, Repository } from '../world/issue.ts'
import type { MergeMethod } from '../world/pull.ts'
import type { Actor } from '../world/app.ts'
import { fullNameOf, type World } from '../world/world.ts'
import { personOf } from './authorship.ts'
import { closeByKeywords } from './closing-keywords.ts'
import { isPull, markMerged, writePullRef } from './follow-branches.ts'
import { addIssue } from './issues.ts'
import { pullCommits, refreshStats } from './pull-stats.ts'
import { blocked, isBehind } from './merge-state.ts'
import { emitIssue, recordEvent, touch } from './record.ts'
import { refsMoved } from './refs.ts'
import { checkTitle } from './rules.ts'

const BEHIND = 'The head branch is not up to date with the base branch.'

export type NewPull = {
  readonly repo: Repository
  readonly title: string
  readonly body: string | null
  /** Branch name, or `owner:branch` with the repository's own owner. */
  readonly head: string
  readonly base: string
  readonly draft?: boolean
  readonly maintainerCanModify?: boolean
}

export async function openPull(world: World, actor: Actor, given: NewPull): Promise<PullIssue> {
  const { repo } = given
  checkTitle('PullRequest', given.title)
  const head = branchNamed(repo, given.head)
  const headSha = head === null ? undefined : repo.refs.get(`refs/heads/${head}`)
  const baseSha = repo.refs.get(`refs/heads/${given.base}`)
  if (head === null || headSha === undefined) {
    throw invalid({ resource: 'PullRequest', field: 'head', code: 'invalid' })
  }
  if (baseSha === undefined)
    throw invalid({ resource: 'PullRequest', field: 'base', code: 'invalid' })
  const twin = [...repo.issues.values()].find(
    ({ pull, state }) =>
      state === 'open' && pull?.head.ref === head && pull.base.ref === given.base,
  )
  if (twin !== undefined) {
    const message = `A pull request already exists for ${repo.owner.login}:${head}.`
    throw invalid({ resource: 'PullRequest', code: 'custom', message })
  }
  const { ahead } = await distance(repo.gitDir, baseSha, headSha)
  if (ahead === 0) {
    const message = `No commits between ${given.base} and ${head}`
    throw invalid({ resource: 'PullRequest', code: 'custom', message })
  }
  const pull: Pull = {
    id: world.nextId(),
    head: { ref: head, sha: headSha },
    base: { ref: given.base, sha: baseSha },
    reviews: [],
    threads: [],
    maintainerCanModify: given.maintainerCanModify ?? false,
    draft: given.draft ?? false,
    requestedReviewers: [],
    merged: false,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    stats: null,
  }
  const issue = addIssue(world, actor, { repo, title: given.title, body: given.body, pull })
  if (!isPull(issue)) throw new Error('a pull request was opened as an issue')
  await writePullRef(issue)
  await refreshStats(issue)
  emitIssue(world, issue, actor, { action: 'opened' })
  return issue
}

export type Merge = {
  readonly method: MergeMethod
  /** The head that the caller has seen; 409 when it moved. */
  readonly sha?: string
  readonly title?: string
  readonly message?: string
}

/** Merges into the base branch; gives the id of the base's new tip. */
export async function mergePull(
  world: World,
  issue: PullIssue,
  actor: Actor,
  given: Merge,
): Promise<string> {
  const { pull, repo } = issue
  return locked(repo, async () => {
    const base = repo.refs.get(`refs/heads/${pull.base.ref}`)
    if (issue.state === 'closed' || pull.draft || base === undefined) throw notMergeable()
    if (given.sha !== undefined && given.sha !== pull.head.sha) {
      throw conflict('Head branch was modified. Review and try the merge again.')
    }
    const why = await blocked(world, issue)
    if (why !== null) throw new Refusal(405, { message: why })
    if (await isBehind(issue)) throw new Refusal(405, { message: BEHIND })
    const author = personOf(world, given.method === 'squash' ? issue.user : actor.user)
    const sha = await mergeCommit(repo.gitDir, {
      method: given.method,
      base,
      head: pull.head.sha,
      message: await mergeMessage(issue, given),
      author,
      committer: personOf(world, actor.user),
    })
    if (sha === null) throw notMergeable()
    pull.base.sha = base
    await refreshStats(issue)
    await git(repo.gitDir, ['update-ref', `refs/heads/${pull.base.ref}`, sha, base])
    // Marked before the consequences are drawn: else the base that now holds the head would look
    // like a merge made by hand.
    markMerged(world, issue, actor, sha)
    await refsMoved(world, repo, actor)
    if (pull.base.ref === repo.defaultBranch) {
      closeByKeywords(world, repo, actor, { text: issue.body ?? '', commitId: sha })
    }
    return sha
  })
}

export function setDraft(world: World, issue: PullIssue, actor: Actor, draft: boolean): void {
  if (issue.pull.draft === draft) return
  issue.pull.draft = draft
  touch(world, issue)
  recordEvent(world, issue, actor, { event: draft ? 'convert_to_draft' : 'ready_for_review' })
  emitIssue(world, issue, actor, { action: draft ? 'converted_to_draft' : 'ready_for_review' })
}

/** Points the pull request at another base branch. */
export function retarget(world: World, issue: PullIssue, actor: Actor, base: string): void {
  const sha = issue.repo.refs.get(`refs/heads/${base}`)
  if (sha === undefined) throw invalid({ resource: 'PullRequest', field: 'base', code: 'invalid' })
  const changes = {
    base: { ref: { from: issue.pull.base.ref }, sha: { from: issue.pull.base.sha } },
  }
  issue.pull.base.ref = base
  issue.pull.base.sha = sha
  touch(world, issue)
  emitIssue(world, issue, actor, { action: 'edited', extra: { changes } })
}

/** `null` when the name means another owner's branch, which this emulator has no forks for. */
function branchNamed(repo: Repository, name: string): string | null {
  const [owner, branch] = name.split(':')
  if (branch === undefined) return name
  return owner?.toLowerCase() === repo.owner.login.toLowerCase() ? branch : null
}

async function mergeMessage(issue: PullIssue, given: Merge): Promise<string> {
  const { number, repo, title } = issue
  if (given.method === 'merge') {
    const first =
      given.title ?? `Merge pull request #${number} from ${fullNameOf(repo)}/${issue.pull.head.ref}`
    return `${first}\n\n${given.message ?? title}\n`
  }
  const commits = await pullCommits(issue)
  const listed = commits.map((commit) => `* ${commit.message}`).join('\n\n')
  return `${given.title ?? `${title} (#${number})`}\n\n${given.message ?? listed}\n`
}

function notMergeable(): Refusal {
  return new Refusal(405, { message: 'Pull Request is not mergeable' })
}
