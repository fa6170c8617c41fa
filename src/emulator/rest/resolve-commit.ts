// What a `ref` parameter means: a branch, a tag, a full ref name, or a commit id.
import { isCommit } from '../git/commits.ts'
import { git } from '../git/run-git.ts'
import { notFound } from '../world/refusal.ts'
import type { Repository } from '../world/issue.ts'

/** The commit's id; 404 when there is none. */
export async function resolveCommit(repo: Repository, ref: string): Promise<string> {
  const branch = repo.refs.get(`refs/heads/${ref}`) ?? repo.refs.get(`refs/${ref}`)
  if (branch !== undefined) return branch
  const tag = repo.refs.get(`refs/tags/${ref}`) ?? repo.refs.get(ref)
  if (tag !== undefined) return git(repo.gitDir, ['rev-parse', `${tag}^{commit}`])
  if (await isCommit(repo.gitDir, ref)) return ref
  throw notFound()
}
