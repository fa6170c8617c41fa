/** Keeps what is known of a repository's default branch (head and settings file) as fresh as its use needs. */
import type { RepoId } from '../domain/ids.ts'
import type { Repository } from '../domain/repository.ts'
import type { EngineDeps } from './deps.ts'

export interface Heads {
  /** Reads head and settings from GitHub now, saves them, and has pairs made ahead. One read at a time per repository. */
  refresh(repository: Repository): Promise<Repository>
}

export function createHeads(
  deps: Pick<EngineDeps, 'store' | 'tracker' | 'log'> & {
    readonly workspace: Pick<EngineDeps['workspace'], 'warm'>
  },
): Heads {
  const underWay = new Map<RepoId, Promise<Repository>>()

  async function read(repository: Repository): Promise<Repository> {
    const found = await deps.tracker.readHead(repository)
    const stored = (await deps.store.repositories.get(repository.id)) ?? repository
    const fresh = {
      ...stored,
      head: found.head,
      defaultBranch: found.defaultBranch,
      config: found.config,
      gone: null,
    }
    const changed =
      fresh.head !== stored.head ||
      fresh.config !== stored.config ||
      fresh.defaultBranch !== stored.defaultBranch ||
      stored.gone !== null
    if (changed) await deps.store.repositories.save(fresh, [])
    if (fresh.head !== null && fresh.config !== null) {
      deps.workspace
        .warm(fresh, fresh.head)
        .catch((error: unknown) =>
          deps.log.warn({ error, repo: repository.id }, 'no pair could be made ahead'),
        )
    }
    return fresh
  }

  return {
    refresh(repository) {
      const running = underWay.get(repository.id)
      if (running !== undefined) return running
      const started = read(repository).finally(() => underWay.delete(repository.id))
      underWay.set(repository.id, started)
      return started
    },
  }
}
