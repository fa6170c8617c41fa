/** Mints one installation token, narrowed to one repository and one set of permissions. */
import type { Octokit } from '@octokit/rest'
import { WorldFault } from '../ports/fault.ts'
import { moment } from './issues.ts'
import type { GitHubCounters } from './counters.ts'
import type { Minted, Scope } from './tokens.ts'

export const createMint =
  (app: Octokit, counters: GitHubCounters) =>
  async (scope: Scope): Promise<Minted> => {
    counters.mints += 1
    try {
      const { data } = await app.rest.apps.createInstallationAccessToken({
        installation_id: scope.installation,
        permissions: { ...scope.permissions },
        ...(scope.repo === null ? {} : { repository_ids: [scope.repo] }),
      })
      return { token: data.token, expiresAt: moment(data.expires_at) }
    } catch (error) {
      throw error instanceof WorldFault ? inOurWords(error, scope) : error
    }
  }

/** The codes mean something else here than elsewhere. */
function inOurWords(fault: WorldFault, scope: Scope): WorldFault {
  const { operation } = fault
  if (fault.kind === 'not-found')
    return new WorldFault('The App is not installed there any more. Install it again to go on.', {
      kind: 'gone',
      applied: 'no',
      status: 404,
      operation,
      cause: fault,
    })
  if (fault.kind !== 'invalid') return fault
  if (/permission/i.test(fault.message))
    return new WorldFault(
      `The installation does not grant ${wanted(scope)}. Please accept the App's permissions in the installation's settings. (${fault.message})`,
      { kind: 'forbidden', applied: 'no', status: 422, operation, cause: fault },
    )
  if (/repositor/i.test(fault.message))
    return new WorldFault(
      'The App cannot see that repository any more: it was taken out of the installation, moved or deleted.',
      { kind: 'gone', applied: 'no', status: 422, operation, cause: fault },
    )
  return fault
}

const wanted = (scope: Scope): string =>
  Object.entries(scope.permissions)
    .map(([name, level]) => `${name}: ${level}`)
    .join(', ')
