/** What happens to a repository as a whole: another name or branch, or nothing may run there any more. */
import type { RepoFact } from '../../domain/fact.ts'
import { addressOf, envelope, type Narrowing } from './shapes.ts'

export function narrowRepository(from: unknown): Narrowing {
  const parsed = envelope.safeParse(from)
  if (!parsed.success) return 'malformed'
  const fact = factOf(parsed.data.action)
  return fact === null ? [] : [{ to: 'repository', repo: addressOf(parsed.data), fact }]
}

function factOf(action: string): RepoFact | null {
  switch (action) {
    // Another address, or (edited) another default branch: the fact carries both.
    case 'renamed':
    case 'edited':
    case 'unarchived':
      return { kind: 'repository-seen' }
    // The new owner may have installed the App or not: the next look at the installations tells.
    case 'transferred':
      return { kind: 'repository-gone', reason: 'the repository was transferred to another owner' }
    case 'archived':
      return { kind: 'repository-gone', reason: 'the repository is archived' }
    case 'deleted':
      return { kind: 'repository-gone', reason: 'the repository was deleted' }
    default:
      return null
  }
}
