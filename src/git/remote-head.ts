/** Asks the remote where a branch points now. */
import { sha, type Sha } from '../domain/ids.ts'
import { slug, type RepoRef } from '../domain/repository.ts'
import { branchRef, reach } from './connect.ts'
import { gitFault } from './git-fault.ts'
import { ensureMirror } from './mirror.ts'
import type { Room } from './room.ts'

export async function remoteHead(room: Room, repo: RepoRef, branch: string): Promise<Sha | null> {
  const ref = branchRef(branch)
  const repository = await ensureMirror(room, repo.id)
  const result = await reach(room.remote, { repo, access: 'read' }, ({ url, config, secret }) =>
    room.run({
      repository,
      args: ['ls-remote', '--quiet', '--refs', '--end-of-options', url, ref],
      config,
      ...(secret === undefined ? {} : { secret }),
    }),
  )
  if (result.code !== 0) {
    const operation = `git ls-remote ${slug(repo)}`
    throw gitFault(result, { operation, applied: 'no', otherwise: 'transient' })
  }
  // A pattern also matches the tail of a longer name, such as refs/x/refs/heads/<branch>.
  for (const line of result.stdout.toString('utf8').split('\n')) {
    const [id, name] = line.split('\t')
    if (name === ref && id !== undefined) return sha(id)
  }
  return null
}
