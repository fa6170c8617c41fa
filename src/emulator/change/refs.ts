// Moves refs, and draws the consequences of refs that moved (by a push, a merge or the API): push,
// create and delete webhooks, heads of pull requests, issues closed by keyword.
import { refreshRefs, type RefChange } from '../git/bare-repository.ts'
import { isAncestor, listCommits, type Commit } from '../git/commits.ts'
import { touchedFiles } from '../git/touched-files.ts'
import { importCommit, type NewCommit } from '../git/import-commit.ts'
import { locked } from '../git/lock.ts'
import { git } from '../git/run-git.ts'
import { pushedCommitJson } from '../present/commit.ts'
import { pushedRepoJson, repoHtmlUrl } from '../present/repository.ts'
import { userJson } from '../present/user.ts'
import type { JsonObject } from '../world/refusal.ts'
import type { Actor } from '../world/app.ts'
import type { Repository } from '../world/issue.ts'
import type { World } from '../world/world.ts'
import { personOf } from './authorship.ts'
import { closeByKeywords } from './closing-keywords.ts'
import { followBase, followHead } from './follow-branches.ts'

const ZERO = '0'.repeat(40)
const HEADS = 'refs/heads/'
const MAX_PUSHED_COMMITS = 20

/** Sets one ref (`null` deletes it) under the repository's lock, with all consequences. */
export async function moveRef(
  world: World,
  repo: Repository,
  actor: Actor,
  given: { readonly ref: string; readonly to: string | null },
): Promise<void> {
  await locked(repo, async () => {
    const args = given.to === null ? ['-d', given.ref] : [given.ref, given.to]
    await git(repo.gitDir, ['update-ref', ...args])
    await refsMoved(world, repo, actor)
  })
}

/** Commits files to a branch, made if need be, with all consequences; gives the commit's id. */
export async function commitToBranch(
  world: World,
  repo: Repository,
  actor: Actor,
  given: Omit<NewCommit, 'author'>,
): Promise<string> {
  return locked(repo, async () => {
    const author = personOf(world, actor.user)
    const sha = await importCommit(repo.gitDir, { ...given, author })
    await refsMoved(world, repo, actor)
    return sha
  })
}

/** Compares the bare repository with state; to be called under the repository's lock. */
export async function refsMoved(world: World, repo: Repository, actor: Actor): Promise<void> {
  const changes = await refreshRefs(repo)
  for (const change of changes) {
    if (change.ref.startsWith(HEADS) || change.ref.startsWith('refs/tags/')) {
      // One after another, so that webhooks come in the order of the refs.
      await refMoved(world, repo, actor, change)
    }
  }
}

async function refMoved(
  world: World,
  repo: Repository,
  actor: Actor,
  change: RefChange,
): Promise<void> {
  repo.pushedAt = world.stamp()
  repo.updatedAt = repo.pushedAt
  const commits = await newCommits(repo, change)
  if (change.before === null || change.after === null)
    emitCreateOrDelete(world, repo, actor, change)
  await emitPush(world, repo, actor, { change, commits })
  if (!change.ref.startsWith(HEADS)) return
  const branch = change.ref.slice(HEADS.length)
  await followHead(world, repo, actor, { branch, change })
  if (branch === repo.defaultBranch && change.before !== null) {
    for (const commit of commits) {
      closeByKeywords(world, repo, actor, { text: commit.message, commitId: commit.sha })
    }
  }
  if (change.after !== null) await followBase(world, repo, actor, branch)
}

async function newCommits(repo: Repository, change: RefChange): Promise<readonly Commit[]> {
  if (change.after === null) return []
  const known = change.before ?? repo.refs.get(`${HEADS}${repo.defaultBranch}`)
  const range = known === undefined || known === change.after ? [] : [`^${known}`]
  if (change.before === null && range.length === 0) return []
  return listCommits(repo.gitDir, [change.after, ...range])
}

async function emitPush(
  world: World,
  repo: Repository,
  actor: Actor,
  given: { readonly change: RefChange; readonly commits: readonly Commit[] },
): Promise<void> {
  const { change } = given
  const told = given.commits.slice(-MAX_PUSHED_COMMITS)
  const touched = await touchedFiles(repo.gitDir, told)
  const commits = told.map((commit) =>
    pushedCommitJson(world, repo, commit, touched.get(commit.sha) ?? []),
  )
  const { before, after } = change
  const both = before !== null && after !== null
  const forced = both && !(await isAncestor(repo.gitDir, before, after))
  const range = both
    ? `${before.slice(0, 12)}...${after.slice(0, 12)}`
    : (after ?? before ?? '').slice(0, 12)
  world.emit({
    event: 'push',
    action: null,
    sender: actor.user,
    repo,
    payload: (): JsonObject => ({
      ref: change.ref,
      before: before ?? ZERO,
      after: after ?? ZERO,
      repository: pushedRepoJson(world, repo),
      pusher: {
        name: actor.user.login,
        email: actor.user.type === 'Bot' ? null : actor.user.email,
      },
      sender: userJson(world, actor.user),
      created: before === null,
      deleted: after === null,
      forced,
      base_ref: null,
      compare: `${repoHtmlUrl(world, repo)}/compare/${range}`,
      commits,
      head_commit: commits.at(-1) ?? null,
    }),
  })
}

function emitCreateOrDelete(world: World, repo: Repository, actor: Actor, change: RefChange): void {
  const branch = change.ref.startsWith(HEADS)
  const shared = {
    ref: branch ? change.ref.slice(HEADS.length) : change.ref.slice('refs/tags/'.length),
    ref_type: branch ? 'branch' : 'tag',
    pusher_type: 'user',
  }
  const isNew = change.before === null
  world.emit({
    event: isNew ? 'create' : 'delete',
    action: null,
    sender: actor.user,
    repo,
    payload: () =>
      isNew
        ? { ...shared, master_branch: repo.defaultBranch, description: repo.description }
        : shared,
  })
}
