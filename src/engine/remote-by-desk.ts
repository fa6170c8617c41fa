/** How a runner's trusted git reaches GitHub: with short-lived read credentials from the desk, and never to write. */
import type { RepoId } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { Desk, Held, ReadCredential } from '../ports/desk.ts'
import { WorldFault } from '../ports/fault.ts'
import type { GitRemote } from '../ports/git.ts'

/** What the desk gives is good for five minutes at least; what is handed on must outlive the call. Milliseconds. */
const KEPT = 4 * 60_000

export function remoteByDesk(deps: {
  readonly url: GitRemote['url']
  readonly desk: Desk
  readonly clock: Clock
  /** An attempt of that repository that this runner executes now. */
  readonly holding: (repo: RepoId) => Held | null
}): GitRemote {
  const kept = new Map<RepoId, { readonly credential: ReadCredential; readonly until: number }>()
  return {
    url: deps.url,
    async credential(repo, access) {
      if (access !== 'read') throw new Error('a runner writes nothing to GitHub')
      const known = kept.get(repo.id)
      if (known !== undefined && deps.clock.monotonic() < known.until) return known.credential
      const held = deps.holding(repo.id)
      if (held === null)
        throw new WorldFault('this runner has no attempt in that repository now', {
          kind: 'transient',
          applied: 'no',
          operation: 'git credential',
        })
      const credential = await deps.desk.credential(held)
      kept.set(repo.id, { credential, until: deps.clock.monotonic() + KEPT })
      return credential
    },
    async refused(repo, _access, password) {
      const known = kept.get(repo.id)
      if (known?.credential.password === password) kept.delete(repo.id)
      return true
    },
  }
}
