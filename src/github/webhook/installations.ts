/** Which repositories the App came to, and which it was taken away from. */
import * as z from 'zod'
import type { RepoFact } from '../../domain/fact.ts'
import { installation, shortAddressOf, shortRepository, type Narrowing } from './shapes.ts'

const list = z.array(shortRepository).nullish()
const installed = z.object({ action: z.string(), installation, repositories: list })
const changed = z.object({
  action: z.string(),
  installation,
  repositories_added: list,
  repositories_removed: list,
})

const SEEN: RepoFact = { kind: 'repository-seen' }
const gone = (reason: string): RepoFact => ({ kind: 'repository-gone', reason })

export function narrowInstallation(from: unknown): Narrowing {
  const parsed = installed.safeParse(from)
  if (!parsed.success) return 'malformed'
  const fact = factOf(parsed.data.action)
  if (fact === null) return []
  return (parsed.data.repositories ?? []).map((repo) => ({
    to: 'repository',
    repo: shortAddressOf(repo, parsed.data.installation),
    fact,
  }))
}

export function narrowInstallationRepositories(from: unknown): Narrowing {
  const parsed = changed.safeParse(from)
  if (!parsed.success) return 'malformed'
  // An action of tomorrow may mean anything by these lists.
  if (parsed.data.action !== 'added' && parsed.data.action !== 'removed') return []
  const to = (repo: z.infer<typeof shortRepository>, fact: RepoFact) =>
    ({ to: 'repository', repo: shortAddressOf(repo, parsed.data.installation), fact }) as const
  const { repositories_added: added, repositories_removed: removed } = parsed.data
  return [
    ...(added ?? []).map((repo) => to(repo, SEEN)),
    ...(removed ?? []).map((repo) =>
      to(repo, gone('the repository was taken out of the App’s installation')),
    ),
  ]
}

function factOf(action: string): RepoFact | null {
  switch (action) {
    case 'created':
    case 'unsuspend':
    case 'new_permissions_accepted':
      return SEEN
    case 'deleted':
      return gone('the App was uninstalled')
    case 'suspend':
      return gone('the App’s installation is suspended')
    default:
      return null
  }
}
