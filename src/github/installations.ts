/** Where the App is installed, and what it can see there. */
import type { Octokit } from '@octokit/rest'
import { installationId, repoId, type InstallationId } from '../domain/ids.ts'
import type { RepoRef } from '../domain/repository.ts'
import type { Installations } from '../ports/tracker.ts'
import type { Client } from './client.ts'
import { PER_PAGE, allPages } from './pages.ts'

export function createInstallations(options: {
  readonly app: Octokit
  readonly client: Client
  /** Repository ids that the operator serves; null: every one that the App is installed on. */
  readonly allowed: readonly number[] | null
}): Installations {
  const { app, client } = options
  const allowed = options.allowed === null ? null : new Set(options.allowed)

  return {
    async list() {
      const found = await allPages(async (page) => {
        const { data, headers } = await app.rest.apps.listInstallations({
          per_page: PER_PAGE,
          page,
        })
        return { items: data, link: headers.link }
      })
      return found.map(({ id, suspended_at }) => ({
        id: installationId(id),
        suspended: suspended_at !== null,
      }))
    },

    /** Archived and disabled repositories are left out: nothing can be written there. */
    async repositories(installation: InstallationId): Promise<readonly RepoRef[]> {
      const octokit = client.within(installation)
      const found = await allPages(async (page) => {
        const { data, headers } = await octokit.rest.apps.listReposAccessibleToInstallation({
          per_page: PER_PAGE,
          page,
        })
        return { items: data.repositories, link: headers.link }
      })
      return found
        .filter((repository) => !repository.archived && !repository.disabled)
        .map((repository) => ({
          id: repoId(repository.id),
          owner: repository.owner.login,
          name: repository.name,
          installation,
          defaultBranch: repository.default_branch,
        }))
    },

    serves: (repo) => allowed === null || allowed.has(repo),
  }
}
