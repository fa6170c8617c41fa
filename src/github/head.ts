/** Reads the default branch, its head and the settings file, and makes sure that it is the same repository still. */
import { sha } from '../domain/ids.ts'
import { UNREADABLE_CONFIG, slug, type RepoRef } from '../domain/repository.ts'
import { WorldFault } from '../ports/fault.ts'
import type { RepoHead } from '../ports/tracker.ts'
import type { Client } from './client.ts'
import { READ_HEAD } from './queries/read-head.ts'
import { runQuery } from './run-query.ts'

const OPERATION = 'read the default branch'

/** However many ask at once, it is one read: a head that is a moment old is as good as one read a moment ago. */
export function createReadHead(client: Client): (repo: RepoRef) => Promise<RepoHead> {
  const underWay = new Map<string, Promise<RepoHead>>()
  return async (repo) => {
    const key = JSON.stringify([repo.installation, repo.id, repo.owner, repo.name])
    const asked = underWay.get(key) ?? readHead(client, repo).finally(() => underWay.delete(key))
    underWay.set(key, asked)
    return await asked
  }
}

async function readHead(client: Client, repo: RepoRef): Promise<RepoHead> {
  const { repository } = await runQuery(client.on(repo, 'look'), READ_HEAD, {
    owner: repo.owner,
    name: repo.name,
  })
  sameRepository(repo, repository.databaseId, OPERATION)
  const { defaultBranchRef: branch, object: file } = repository
  if (branch === null) return { head: null, defaultBranch: repo.defaultBranch, config: null }
  return {
    head: sha(branch.target.oid),
    defaultBranch: branch.name,
    config: file === null ? null : textOf(file),
  }
}

/** A name can be registered anew by somebody else (T14): only the id tells who it is. */
export function sameRepository(repo: RepoRef, found: number, operation: string): void {
  if (found === repo.id) return
  throw new WorldFault(
    `${slug(repo)} is another repository now: the one that Yardmaster knows by that name was renamed or moved.`,
    { kind: 'gone', applied: 'no', operation },
  )
}

interface File {
  readonly text?: string | null | undefined
  readonly isTruncated?: boolean | null | undefined
}

/** The head must be known all the same, and a person told what is wrong with the file: that is the policy's to say. */
function textOf(file: File): string {
  // A folder of that name has no text, nor has a binary file.
  return typeof file.text === 'string' && file.isTruncated !== true ? file.text : UNREADABLE_CONFIG
}
