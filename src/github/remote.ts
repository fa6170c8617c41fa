/** How git reaches GitHub: an address without credentials, and a token of that repository for contents only (T20). */
import type { RepoRef } from '../domain/repository.ts'
import type { Clock } from '../ports/clock.ts'
import type { GitRemote } from '../ports/git.ts'
import { REPLICATION } from './tokens.ts'
import type { Scope, Tokens } from './tokens.ts'

export function createGitRemote(options: {
  /** Where people and git look at GitHub, such as `https://github.com`. */
  readonly webUrl: string
  readonly tokens: Tokens
  readonly clock: Clock
}): GitRemote {
  return {
    url: addressOf(options.webUrl),
    async credential(repo, access) {
      const password = await options.tokens.get(scopeOf(repo, access))
      return { username: 'x-access-token', password }
    },
    async refused(repo, access, password) {
      const scope = scopeOf(repo, access)
      // As for requests to the API: a token that is not known everywhere yet is given a moment, a revoked one replaced.
      if (!options.tokens.isFresh(scope, password)) return options.tokens.renew(scope, password)
      await options.clock.sleep(REPLICATION)
      return true
    },
  }
}

/** Where git goes for a repository, without credentials. */
export function addressOf(webUrl: string): GitRemote['url'] {
  const root = webUrl.replace(/\/+$/, '')
  return (repo) => `${root}/${encodeURIComponent(repo.owner)}/${encodeURIComponent(repo.name)}.git`
}

const scopeOf = (repo: RepoRef, access: 'read' | 'write'): Scope => ({
  installation: repo.installation,
  repo: repo.id,
  permissions: { metadata: 'read', contents: access },
})
