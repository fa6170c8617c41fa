/** Files of a repository through the API: what stands at its root, and one file proposed on a branch of ours. */
import type { Sha } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { CodeHost, FileProposed } from '../ports/code-host.ts'
import { WorldFault } from '../ports/fault.ts'
import type { Client } from './client.ts'

export function createFiles(client: Client): Pick<CodeHost, 'root' | 'file' | 'proposeFile'> {
  const at = (repo: RepoRef, ref: string, path: string) => ({
    owner: repo.owner,
    repo: repo.name,
    path,
    ref,
  })

  async function file(repo: RepoRef, ref: string, path: string): Promise<string | null> {
    const { data } = await client
      .on(repo, 'look')
      .rest.repos.getContent(at(repo, ref, path))
      .catch(absent)
    if (data === null || Array.isArray(data) || data.type !== 'file' || !('content' in data))
      return null
    return Buffer.from(data.content, 'base64').toString('utf8')
  }

  /** Where the branch is there already, it stays: a former try made it. */
  async function branch(repo: RepoRef, wanted: FileProposed): Promise<void> {
    try {
      await client.write(repo, 'commit', going(wanted)).rest.git.createRef({
        owner: repo.owner,
        repo: repo.name,
        ref: `refs/heads/${wanted.branch}`,
        sha: wanted.base,
      })
    } catch (error) {
      if (!(error instanceof WorldFault) || !/already exists/i.test(error.message)) throw error
    }
  }

  return {
    file: (repo, head, path) => file(repo, head, path),
    async root(repo: RepoRef, head: Sha) {
      const { data } = await client
        .on(repo, 'look')
        .rest.repos.getContent(at(repo, head, ''))
        .catch(absent)
      return Array.isArray(data) ? data.map(({ name }) => name) : []
    },
    async proposeFile(repo, wanted) {
      await branch(repo, wanted)
      if ((await file(repo, wanted.branch, wanted.path)) !== null) return
      await client.write(repo, 'commit', going(wanted)).rest.repos.createOrUpdateFileContents({
        owner: repo.owner,
        repo: repo.name,
        path: wanted.path,
        branch: wanted.branch,
        message: wanted.message,
        content: Buffer.from(wanted.text).toString('base64'),
      })
    },
  }
}

const going = ({ notAfter }: FileProposed) => ({ lane: 'act', notAfter }) as const

function absent(error: unknown): { readonly data: null } {
  if (error instanceof WorldFault && error.kind === 'not-found') return { data: null }
  throw error
}
