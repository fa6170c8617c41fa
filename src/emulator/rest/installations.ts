// What an installation sees of itself.
import { reaches } from '../auth/permission.ts'
import { NO_CONTENT, paged, type Call, type Operations } from '../http/operation.ts'
import { repoJson, roleFlags } from '../present/repository.ts'
import type { Token } from '../world/installation.ts'

export const installationOperations: Operations = {
  'apps/list-repos-accessible-to-installation': {
    by: 'installation',
    needs: [],
    run: (call) => {
      const token = tokenOf(call)
      const repos = [...call.world.repositories.values()].filter((repo) => reaches(token, repo))
      return paged(
        call,
        repos,
        (repo) => ({ ...repoJson(call.world, repo), permissions: roleFlags('none') }),
        (page, total) => ({
          total_count: total,
          repository_selection: token.installation.selection,
          repositories: page,
        }),
      )
    },
  },
  'apps/revoke-installation-access-token': {
    by: 'installation',
    needs: [],
    run: (call) => {
      call.world.tokens.delete(tokenOf(call).token)
      return NO_CONTENT
    },
  },
}

function tokenOf(call: Call): Token {
  if (call.credential.kind !== 'installation') throw new Error('the operation is for installations')
  return call.credential.token
}
