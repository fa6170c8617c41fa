/** The store's promises kept in memory: held to the same contract as the real ones, so that what is simulated on it holds for them. */
import type { Clock } from '../../src/ports/clock.ts'
import type { Store } from '../../src/ports/store.ts'
import { openActs, openProjections } from './acts.ts'
import { openAdmission, openAttempts } from './admission.ts'
import type { Database } from './database.ts'
import { consumeFacts, openInbox } from './inbox.ts'
import { openTasks } from './tasks.ts'

/** One process's view of the shared tables. */
export function openMemoryStore(
  database: Database,
  { clock, process }: { readonly clock: Clock; readonly process: string },
): Store {
  const acts = openActs(database, { clock, process })
  return {
    kind: 'postgres',
    ...openInbox(database, clock),
    ...openTasks(database, clock),
    ...openAttempts(database),
    ...acts,
    onAppended(poke) {
      database.onFacts.add(poke)
      return () => database.onFacts.delete(poke)
    },
    admission: openAdmission(database, clock),
    projections: openProjections(database, clock),
    repositories: {
      get: async (repo) => database.repositories.get(repo) ?? null,
      all: async () => [...database.repositories.values()].toSorted((a, b) => a.id - b.id),
      async save(repository, consumed) {
        database.repositories.set(repository.id, repository)
        consumeFacts(database, consumed)
      },
    },
    ping: async () => {},
    close: async () => {
      await acts.stopPerforming()
    },
  }
}
