/**
 * Which of several apps writes surfaces, reads GitHub for what was missed, looks for lost attempts and answers
 * runners: one at a time, by a lease of the store. An app that cannot renew it stops leading by its own clock before
 * the lease ends, so that two never lead.
 */
import type { EngineDeps } from './deps.ts'
import { startLoop } from './loop.ts'

export interface Leading {
  /** This process leads at this moment. */
  readonly now: () => boolean
  /** Gives the lead back at once. */
  stop(): Promise<void>
}

const WHAT = 'engine'

/** `onGained`: it leads from now on; what it has to do may have waited for long. */
export async function startLeading(
  deps: Pick<EngineDeps, 'store' | 'clock' | 'log' | 'timing' | 'runner'>,
  onGained: () => void,
): Promise<Leading> {
  const { store, clock, log, timing } = deps
  // The embedded store has one user.
  if (store.kind === 'embedded') return { now: () => true, stop: async () => {} }
  let until = -Infinity
  const leads = (): boolean => clock.monotonic() < until

  async function take(): Promise<void> {
    const askedAt = clock.monotonic()
    const before = leads()
    const taken = await store.lead.take(WHAT, deps.runner, timing.lease)
    // The lease counts from when the database read the clock, which is after this was asked.
    until = taken ? askedAt + timing.lease : -Infinity
    if (taken && !before) {
      log.info({}, 'this app leads from now on')
      onGained()
    }
    if (!taken && before) log.warn({}, 'another app leads now')
  }

  await take()
  const loop = startLoop({ name: 'lead', clock, log, every: () => timing.look }, take)
  return {
    now: leads,
    async stop() {
      await loop.stop()
      const held = leads()
      until = -Infinity
      if (!held) return
      await store.lead
        .leave(WHAT, deps.runner)
        .catch((error: unknown) => log.warn({ error }, 'the lead could not be given back'))
    },
  }
}
