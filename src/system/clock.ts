/** The machine's own clock. */
import { setTimeout as wait } from 'node:timers/promises'
import { instant } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'

export const systemClock: Clock = {
  now: () => instant(Date.now()),
  monotonic: () => performance.now(),
  async sleep(milliseconds, signal) {
    if (signal?.aborted) return
    try {
      // A moment that passed while somebody reckoned is no mistake; Node warns of it on the terminal.
      await wait(Math.max(0, milliseconds), undefined, signal === undefined ? {} : { signal })
    } catch {
      // Aborted: the port promises to resolve then, because its callers only wanted to stop waiting.
    }
  },
}
