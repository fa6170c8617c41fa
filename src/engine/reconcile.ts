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
import { createPace } from './reconcile-pace.ts'
import type { Looked } from './reconcile-pace.ts'

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
  readonly lastTook: number
}

export interface Reconciler extends Loop {
  readonly stats: () => ReconcileStats
}

/** While another app leads; taking the lead wakes the loop. Milliseconds. */
const NOT_OURS = 60_000

export function startReconciler(deps: ReconcileDeps, hooks: ReconcileHooks): Reconciler {
  const { store, clock, log } = deps
  const pace = createPace(deps.poll)
  /** Asked for by a person or a test: every repository now, whenever it was last looked at. */
  let all = true
  let stats: ReconcileStats = { passes: 0, failures: 0, found: 0, asked: 0, lastTook: 0 }
  /** Their last pass broke off: what GitHub answered then must be asked for again, whole. */
  const unread = new Set<RepoId>()

  async function turn(signal: AbortSignal): Promise<void> {
    if (!hooks.leads()) return
    const began = clock.monotonic()
    const sum = { found: 0, asked: 0, failures: 0 }
    const whole = all
    all = false
    const looked: Looked[] = []
    const inTurn = async (group: readonly Repository[]): Promise<void> => {
      for (const repository of group) {
        if (signal.aborted || !hooks.leads()) return
        const { id, installation } = repository
        if (repository.gone !== null || !deps.installations.serves(id)) {
          pace.forget(id)
          continue
        }
        // What has not been looked at yet cannot wait: its first label may come at any moment.
        const unseen = repository.cursor === null
        if (!whole && !unseen && !pace.isDue(id, began)) continue
        try {
          const context = { ...hooks, deps, unread: unread.has(id) }
          const pass = await reconcileRepository(repository, context)
          unread.delete(id)
          looked.push({ id, installation, busy: pass.open > 0 || unseen, asked: pass.asked })
          sum.found += pass.found
          sum.asked += pass.asked
        } catch (error) {
          unread.add(id)
          looked.push({ id, installation, busy: true, asked: 2 })
          sum.failures += 1
          complain(id, error)
        }
      }
    }
    // Side by side, so that an installation that hangs keeps only its own repositories waiting.
    const groups = Map.groupBy(await store.repositories.all(), ({ installation }) => installation)
    await Promise.all([...groups.values()].map(inTurn))
    pace.looked(looked, began)
    if (signal.aborted || !hooks.leads()) return
    stats = {
      passes: stats.passes + 1,
      failures: stats.failures + sum.failures,
      found: stats.found + sum.found,
      asked: stats.asked + sum.asked,
      lastTook: clock.monotonic() - began,
    }
  }

  function complain(repo: RepoId, error: unknown): void {
    if (isPassing(error))
      log.info({ repo, error: error.message }, 'GitHub did not answer; the next pass tries again')
    else
      log.warn({ error, repo }, 'a repository could not be reconciled; the next pass tries again')
  }

  const loop = startLoop(
    {
      name: 'reconciler',
      clock,
      log,
      every: () => (hooks.leads() ? pace.wait(clock.monotonic()) : NOT_OURS),
    },
    turn,
  )
  return {
    ...loop,
    turn() {
      all = true
      return loop.turn()
    },
    stats: () => stats,
  }
}
