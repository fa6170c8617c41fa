/** Puts the rooms of the store together; both kinds of store are this one. */
import type { AttemptId } from '../domain/ids.ts'
import type { Aggregate, Store } from '../ports/store.ts'
import { openAbout } from './about.ts'
import { openActs } from './acts.ts'
import { openAdmission } from './admission.ts'
import { openAttempts } from './attempts.ts'
import { guardRoom } from './fault.ts'
import { openInbox } from './inbox.ts'
import { openPaceBook } from './pace.ts'
import type { Parts } from './parts.ts'
import { openPerforming } from './perform.ts'
import { openProjections } from './projections.ts'
import { openRebuild } from './rebuild.ts'
import { openRepositories } from './repositories.ts'
import { openRequests } from './requests.ts'
import { openRunners } from './runners.ts'
import { openLead } from './lead.ts'
import { openTasks } from './tasks.ts'

export interface Backend {
  readonly kind: Store['kind']
  readonly parts: Parts
  readonly ping: () => Promise<void>
  /** Closes the queue and the database itself; called last. */
  readonly close: () => Promise<void>
}

export function assembleStore({ kind, parts, ping, close }: Backend): Store {
  const { inbox, settled } = openInbox(parts)
  const performing = openPerforming(parts)
  let closed: Promise<void> | null = null

  async function closeAll(): Promise<void> {
    await performing.stopPerforming()
    await settled()
    await close()
  }

  return {
    kind,
    onAppended: (poke) =>
      parts.pokes.on('inbox', (aggregate) => poke(aggregate as Aggregate | null)),
    onAttempt: (poke) => parts.pokes.on('attempt', (id) => poke(id as AttemptId | null)),
    ...guardRoom('store', inbox),
    ...guardRoom('store', openTasks(parts)),
    ...guardRoom('store', openAttempts(parts)),
    ...guardRoom('store', openActs(parts)),
    ...guardRoom('store', performing),
    ...guardRoom('store', { ping }),
    onRunner: (poke) => parts.pokes.on('runner', () => poke()),
    ...guardRoom('store', openRunners(parts)),
    requests: {
      ...guardRoom('store.requests', openRequests(parts)),
      onRequest: (poke) => parts.pokes.on('request', poke),
    },
    lead: guardRoom('store.lead', openLead(parts)),
    admission: guardRoom('store.admission', openAdmission(parts)),
    projections: guardRoom('store.projections', openProjections(parts)),
    about: guardRoom('store.about', openAbout(parts)),
    rebuild: guardRoom('store.rebuild', openRebuild(parts)),
    pace: openPaceBook(parts),
    repositories: guardRoom('store.repositories', openRepositories(parts)),
    close: () => (closed ??= closeAll()),
  }
}
