// `Repository.object(expression: "<commit>:<path>")`: a file at a commit. Other objects are refused loudly.
import { entryAt, readBlob } from '../git/files.ts'
import { resolveCommit } from '../rest/resolve-commit.ts'
import { Refusal } from '../world/refusal.ts'
import type { Repository } from '../world/issue.ts'
import { need, refuse, type QueryContext } from './context.ts'

export type BlobObject = {
  readonly blob: true
  readonly repo: Repository
  readonly oid: string
  readonly bytes: Buffer
}

/** GitHub gives text up to this many bytes and marks the rest as truncated. */
const SHOWN = 512 * 1024

export async function objectOf(
  repo: Repository,
  expression: string,
  context: QueryContext,
): Promise<BlobObject | null> {
  need(context, repo, ['contents:read'])
  const colon = expression.indexOf(':')
  if (colon < 0)
    throw refuse('UNPROCESSABLE', `Only "<commit>:<path>" is served, not "${expression}"`)
  const commit = expression.slice(0, colon)
  try {
    const sha = await resolveCommit(repo, commit === 'HEAD' ? repo.defaultBranch : commit)
    const entry = await entryAt(repo.gitDir, sha, expression.slice(colon + 1))
    if (entry === null) return null
    if (entry.type !== 'blob')
      throw refuse('UNPROCESSABLE', `${expression} is a ${entry.type}; only files are served`)
    return { blob: true, repo, oid: entry.sha, bytes: await readBlob(repo.gitDir, entry.sha) }
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return null
    throw error
  }
}

export const blobFields = {
  oid: (object: BlobObject) => object.oid,
  byteSize: (object: BlobObject) => object.bytes.length,
  isBinary: (object: BlobObject) => object.bytes.subarray(0, 8000).includes(0),
  isTruncated: (object: BlobObject) => object.bytes.length > SHOWN,
  text: (object: BlobObject) =>
    object.bytes.subarray(0, 8000).includes(0)
      ? null
      : object.bytes.subarray(0, SHOWN).toString('utf8'),
  repository: (object: BlobObject) => object.repo,
}
