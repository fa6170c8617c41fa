/** Puts the rooms of the store together; both kinds of store are this one. */
import type { Store } from '../ports/store.ts'
import { openActs } from './acts.ts'
import { openAdmission } from './admission.ts'
import { openAttempts } from './attempts.ts'
import { guarded } from './fault.ts'
import { openInbox } from './inbox.ts'
import type { Parts } from './parts.ts'
import { openPerforming } from './perform.ts'
import { openProjections } from './projections.ts'
import { openRepositories } from './repositories.ts'
import { openTasks } from './tasks.ts'

export interface Backend {
  readonly kind: Store['kind']
  readonly parts: Parts
  ping(): Promise<void>
  /** Closes the database itself; called last. */
  close(): Promise<void>
}

export function assembleStore({ kind, parts, ping, close }: Backend): Store {
  const inbox = openInbox(parts)
  const tasks = openTasks(parts)
  const attempts = openAttempts(parts)
  const acts = openActs(parts)
  const performing = openPerforming(parts)
  const admission = openAdmission(parts)
  const projections = openProjections(parts)
  const repositories = openRepositories(parts)
  let closed: Promise<void> | null = null

  async function closeAll(): Promise<void> {
    await performing.stopPerforming()
    await inbox.settled()
    await parts.queue.stop()
    await close()
  }

  return {
    kind,
    ping: guarded('store.ping', ping),
    close: () => (closed ??= closeAll()),

    append: guarded('store.append', inbox.append),
    pending: guarded('store.pending', inbox.pending),
    unconsumed: guarded('store.unconsumed', inbox.unconsumed),
    onAppended: inbox.onAppended,

    load: guarded('store.load', tasks.load),
    commit: guarded('store.commit', tasks.commit),
    consume: guarded('store.consume', tasks.consume),
    find: guarded('store.find', tasks.find),
    list: guarded('store.list', tasks.list),
    attempts: guarded('store.attempts', tasks.attempts),
    snapshot: guarded('store.snapshot', tasks.snapshot),
    ledger: guarded('store.ledger', tasks.ledger),

    claim: guarded('store.claim', attempts.claim),
    beat: guarded('store.beat', attempts.beat),
    orphans: guarded('store.orphans', attempts.orphans),

    begin: guarded('store.begin', acts.begin),
    settle: guarded('store.settle', acts.settle),
    defer: guarded('store.defer', acts.defer),
    open: guarded('store.open', acts.open),
    perform: guarded('store.perform', performing.perform),
    stopPerforming: guarded('store.stopPerforming', performing.stopPerforming),

    admission: {
      view: guarded('store.admission.view', admission.view),
      admit: guarded('store.admission.admit', admission.admit),
      ledgerHead: guarded('store.admission.ledgerHead', admission.ledgerHead),
      pause: guarded('store.admission.pause', admission.pause),
      unpause: guarded('store.admission.unpause', admission.unpause),
    },
    projections: {
      stale: guarded('store.projections.stale', projections.stale),
      touch: guarded('store.projections.touch', projections.touch),
      intend: guarded('store.projections.intend', projections.intend),
      done: guarded('store.projections.done', projections.done),
      postpone: guarded('store.projections.postpone', projections.postpone),
    },
    repositories: {
      get: guarded('store.repositories.get', repositories.get),
      all: guarded('store.repositories.all', repositories.all),
      save: guarded('store.repositories.save', repositories.save),
    },
  }
}
