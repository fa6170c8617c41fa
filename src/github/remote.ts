/** How git reaches GitHub: an address without credentials, and a token of that repository for contents only (T20). */
import type { RepoRef } from '../domain/repository.ts'
import type { GitRemote } from '../ports/git.ts'
import type { Tokens } from './tokens.ts'

export function createGitRemote(options: {
  /** Where people and git look at GitHub, such as `https://github.com`. */
  readonly webUrl: string
  readonly tokens: Tokens
}): GitRemote {
  const root = options.webUrl.replace(/\/+$/, '')
  return {
    url: (repo: RepoRef) =>
      `${root}/${encodeURIComponent(repo.owner)}/${encodeURIComponent(repo.name)}.git`,
    async credential(repo, access) {
      const password = await options.tokens.get({
        installation: repo.installation,
        repo: repo.id,
        permissions: { metadata: 'read', contents: access },
      })
      return { username: 'x-access-token', password }
    },
  }
}
