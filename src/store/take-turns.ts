/**
 * The embedded database works on this very thread, and its promises settle without the event loop:
 * callers that follow one another closely would keep timers, sockets and heartbeats waiting for as
 * long as they have work. So every few milliseconds the event loop gets a turn between transactions.
 */
import { setImmediate as otherWork } from 'node:timers/promises'
import type { PGlite } from '@electric-sql/pglite'

/** Milliseconds; a decision takes some five of them. A judgement. */
const LONGEST = 10

export function takeTurns(pglite: PGlite): void {
  const exclusively = pglite._runExclusiveTransaction.bind(pglite)
  let turned = performance.now()
  const turn = async (): Promise<void> => {
    if (performance.now() - turned < LONGEST) return
    await otherWork()
    turned = performance.now()
  }
  // Inside the lock: outside it, all who wait would get their turn at once and follow closely again.
  pglite._runExclusiveTransaction = (work) =>
    exclusively(async () => {
      await turn()
      return await work()
    })
}
