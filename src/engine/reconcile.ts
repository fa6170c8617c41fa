/**
 * Reads what GitHub shows and puts the differences into the same inbox that webhooks fill: with every webhook lost,
 * the tasks still end in the same state. One conditional list and one GraphQL read per repository and pass.
 */
import type { RepoId } from '../domain/ids.ts'
import type { Repository } from '../domain/repository.ts'
import { isPassing } from '../ports/fault.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'
import { reconcileRepository } from './reconcile-repository.ts'
import type { PassContext, ReconcileDeps } from './reconcile-repository.ts'

/** Every minute while work is open (design §2: 60–120 s), backing off to ten when nothing is. Milliseconds. */
const BUSY = 60_000
const IDLE_MAX = 600_000

export interface ReconcileHooks extends Omit<PassContext, 'deps' | 'unread'> {
  readonly leads: () => boolean
}

/** What the passes since the start came to; times in milliseconds. */
export interface ReconcileStats {
  readonly passes: number
  /** Passes of single repositories that broke off. */
  readonly failures: number
  readonly found: number
  readonly asked: number
  readonly open: number
  readonly lastTook: number
}

export interface Reconciler extends Loop {
  readonly stats: () => ReconcileStats
}

export function startReconciler(deps: ReconcileDeps, hooks: ReconcileHooks): Reconciler {
  const { store, clock, log } = deps
  let every = BUSY
  let stats: ReconcileStats = { passes: 0, failures: 0, found: 0, asked: 0, open: 0, lastTook: 0 }
  /** Their last pass broke off: what GitHub answered then must be asked for again, whole. */
  const unread = new Set<RepoId>()

  async function turn(signal: AbortSignal): Promise<void> {
    if (!hooks.leads()) return
    const began = clock.monotonic()
    const sum = { open: 0, found: 0, asked: 0, failures: 0 }
    const repositories = await store.repositories.all()
    const inTurn = async (group: readonly Repository[]): Promise<void> => {
      for (const repository of group) {
        if (signal.aborted || !hooks.leads()) return
        const { id } = repository
        if (repository.gone !== null || !deps.installations.serves(id)) continue
        try {
          const context = { ...hooks, deps, unread: unread.has(id) }
          const pass = await reconcileRepository(repository, context)
          unread.delete(id)
          sum.open += pass.open
          sum.found += pass.found
          sum.asked += pass.asked
        } catch (error) {
          unread.add(id)
          sum.failures += 1
          complain(id, error)
        }
      }
    }
    // Side by side, so that an installation that hangs keeps only its own repositories waiting.
    const groups = Map.groupBy(repositories, ({ installation }) => installation)
    await Promise.all([...groups.values()].map(inTurn))
    if (signal.aborted || !hooks.leads()) return
    // A repository that has not been looked at yet, or could not be, counts as work: its first label may come at any moment.
    const unseen = repositories.some((each) => each.cursor === null)
    const busy = sum.open > 0 || sum.failures > 0 || unseen
    every = busy ? BUSY : Math.min(every * 2, IDLE_MAX)
    stats = {
      passes: stats.passes + 1,
      failures: stats.failures + sum.failures,
      found: stats.found + sum.found,
      asked: stats.asked + sum.asked,
      open: sum.open,
      lastTook: clock.monotonic() - began,
    }
  }

  function complain(repo: RepoId, error: unknown): void {
    if (isPassing(error))
      log.info({ repo, error: error.message }, 'GitHub did not answer; the next pass tries again')
    else
      log.warn({ error, repo }, 'a repository could not be reconciled; the next pass tries again')
  }

  const loop = startLoop({ name: 'reconciler', clock, log, every: () => every }, turn)
  return { ...loop, stats: () => stats }
}
