// Merges two branches of a bare repository without a checkout, the three ways that GitHub offers.
import type { MergeMethod } from '../world/pull.ts'
import { listCommits, mergeTrees, readCommit, writeCommit, type Person } from './commits.ts'

export type MergeRequest = {
  readonly method: MergeMethod
  readonly base: string
  readonly head: string
  readonly message: string
  readonly author: Person
  readonly committer: Person
}

/** The id of the commit that the base branch should point to, or `null` when they conflict. */
export async function mergeCommit(dir: string, given: MergeRequest): Promise<string | null> {
  if (given.method === 'rebase') return rebase(dir, given)
  const tree = await mergeTrees(dir, given.base, given.head)
  if (tree === null) return null
  const parents = given.method === 'merge' ? [given.base, given.head] : [given.base]
  return writeCommit(dir, { ...given, tree, parents })
}

/**
 * Picks each commit onto the base. git 2.39's merge-tree cannot be told its merge base, so each
 * step merges against a commit that has the new base's tree and the picked commit's parent.
 */
async function rebase(dir: string, given: MergeRequest): Promise<string | null> {
  let onto = given.base
  const commits = await listCommits(dir, ['--no-merges', `${given.base}..${given.head}`])
  for (const commit of commits) {
    const parent = commit.parents[0]
    if (parent === undefined) return null
    const { tree: ours } = await readCommit(dir, onto)
    const { author, message } = commit
    const { committer } = given
    const step = await writeCommit(dir, {
      tree: ours,
      parents: [parent],
      message,
      author,
      committer,
    })
    const tree = await mergeTrees(dir, step, commit.sha)
    if (tree === null) return null
    onto = await writeCommit(dir, { tree, parents: [onto], message, author, committer })
  }
  return onto
}
