/** The store's promises kept in memory: held to the same contract as the real ones, so that what is simulated on it holds for them. */
import { snapshotHash } from '../../src/domain/snapshot.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Rebuild, Store } from '../../src/ports/store.ts'
import { openActs, openProjections } from './acts.ts'
import { openAdmission } from './admission.ts'
import { openAttempts } from './attempts.ts'
import type { Database, MemoryStoreOptions } from './database.ts'
import { consumeFacts, openInbox } from './inbox.ts'
import { openLead, openRequests, openRunners } from './runners.ts'
import { intendActs, openTasks, touchSurfaces, writeLedger, writeTask } from './tasks.ts'

/** One process's view of the shared tables. */
export function openMemoryStore(database: Database, options: MemoryStoreOptions): Store {
  const { clock, enter } = options
  const acts = openActs(database, options)
  return {
    kind: options.kind,
    ...openInbox(database, clock),
    ...openTasks(database, clock),
    ...openAttempts(database, clock),
    ...acts,
    onAppended: (poke) => listen(database.onFacts, poke, enter),
    onAttempt: (poke) => listen(database.onAttempts, poke, enter),
    onRunner: (poke) => listen(database.onRunners, () => poke(), enter),
    ...openRunners(database),
    lead: openLead(database),
    requests: {
      ...openRequests(database),
      onRequest: (poke) => listen(database.onRequests, poke, enter),
    },
    about: {
      get: async (key) => database.about[key] ?? null,
      async set(key, value) {
        const { [key]: _former, ...others } = database.about
        database.about = value === null ? others : { ...others, [key]: value }
      },
    },
    rebuild: openRebuild(database, clock),
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
    pace: {
      ...database.paceBook,
      shared: options.kind === 'postgres',
      onChanged: (heard) => database.paceBook.onChanged((change) => enter(() => heard(change))),
    },
    ping: async () => {},
    close: () => acts.stopPerforming(),
  }
}

function listen<News>(
  listeners: Set<(news: News) => void>,
  poke: (news: News) => void,
  enter: MemoryStoreOptions['enter'],
): () => void {
  const heard = (news: News): void => enter(() => poke(news))
  listeners.add(heard)
  return () => listeners.delete(heard)
}

function openRebuild(database: Database, clock: Clock): Rebuild {
  return {
    async isEmpty() {
      return database.repositories.size + database.tasks.size + database.facts.size === 0
    },
    async restore({ task, attempts, ledger, surfaces, snapshot, acts }) {
      if (database.tasks.has(task.id)) return false
      writeTask(database, task, 0)
      writeLedger(database, ledger)
      const actor = task.wish?.by.id ?? null
      for (const row of attempts)
        database.attempts.set(row.id, { row, actor, repo: task.repo, leaseUntil: 0, takenAt: null })
      if (snapshot !== null) database.snapshots.set(snapshotHash(snapshot), snapshot)
      intendActs(database, acts, clock)
      touchSurfaces(database, { task: task.id, surfaces }, clock)
      return true
    },
  }
}
