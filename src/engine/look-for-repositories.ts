/** Which repositories the App can see, so that the reconciler knows where to look although no webhook told of them. */
import type { NewFact } from '../ports/store.ts'
import type { EngineDeps } from './deps.ts'

export async function lookForRepositories(deps: EngineDeps): Promise<void> {
  const look = deps.ids.unique()
  const facts: NewFact[] = []
  for (const { id, suspended } of await deps.installations.list()) {
    if (suspended) continue
    for (const repo of await deps.installations.repositories(id)) {
      facts.push({
        source: 'reconcile',
        key: `reconcile:seen:${repo.id}:${look}`,
        aggregate: `repo:${repo.id}`,
        repo,
        fact: { kind: 'repository-seen' },
      })
    }
  }
  if (facts.length > 0) await deps.store.append(facts)
}
