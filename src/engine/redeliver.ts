/**
 * Webhooks are only hints, and the reconciler finds what they would have told; but it looks once a minute and sees no
 * edits. So deliveries that failed since we last looked are asked for again: at the start, and now and then for what we
 * could not take ourselves. Each once: one that fails a second time is left to the reconciler.
 */
import { instant, later } from '../domain/ids.ts'
import type { EngineDeps } from './deps.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'

/** The listener opens after the engine. Milliseconds. */
const AFTER_START = 3_000
const EVERY = 600_000
/** GitHub keeps deliveries for three days. */
const KEPT = 3 * 86_400_000
/** GitHub's clock is not ours. */
const MARGIN = 120_000
/** In one pass; at GitHub's pace of one write a second that is a quarter of an hour. A judgement. */
const AT_MOST = 1_000

/** From here on it listens: a delivery that fails is asked for again, however soon this process dies. */
export async function beginListening({
  store: { about },
  clock,
}: Pick<EngineDeps, 'store' | 'clock'>): Promise<void> {
  if ((await about.get('listens-since')) !== null) return
  // A store of an earlier version has listened for as long as it can remember.
  await about.set('listens-since', (await about.get('listened')) ?? clock.now())
}

type RedeliveryDeps = Pick<EngineDeps, 'store' | 'clock' | 'log' | 'deliveries'> & {
  readonly operator: Pick<EngineDeps['operator'], 'paceMilliseconds'>
}

export function startRedelivery(deps: RedeliveryDeps, leads: () => boolean): Loop {
  const { store, clock, log, deliveries, operator } = deps
  let started = false

  return startLoop(
    { name: 'redelivery', clock, log, every: () => EVERY },
    async (signal: AbortSignal) => {
      if (!started) await clock.sleep(AFTER_START, signal)
      if (signal.aborted || !leads()) return
      started = true
      const now = clock.now()
      const first = (await store.about.get('listens-since')) ?? now
      const before = (await store.about.get('listened')) ?? first
      // What came before the first moment was listed at first sight, and the margin must not reach back behind it.
      const since = instant(Math.max(before - MARGIN, first, now - KEPT))
      await ask((await deliveries.failed(since)).slice(0, AT_MOST), signal)
      if (!signal.aborted) await store.about.set('listened', now)
      if (now - before > KEPT)
        log.warn(
          { since: later(before, 0) },
          'it was down for longer than GitHub keeps deliveries; what changed is found by looking at every repository',
        )
    },
  )

  async function ask(
    failed: Awaited<ReturnType<typeof deliveries.failed>>,
    signal: AbortSignal,
  ): Promise<void> {
    let asked = 0
    for (const { id } of failed) {
      if (signal.aborted) return
      if (await deliveries.redeliver(id)) asked += 1
      await clock.sleep(operator.paceMilliseconds, signal)
    }
    if (failed.length > 0)
      log.info({ failed: failed.length, asked }, 'failed webhook deliveries were asked for again')
  }
}
