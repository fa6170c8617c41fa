/**
 * Writes whose answer was lost. What GitHub does not de-duplicate (comments, check runs) is looked for at once; where it
 * is absent, nobody is to create it again before GitHub must have shown it (rule). An edit that may still be applied
 * keeps the next one waiting as long, because it would be overwritten.
 */
import { later } from '../domain/ids.ts'
import type { Steady } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import { WorldFault } from '../ports/fault.ts'

export interface Settling {
  readonly clock: Clock
  /** How long a creation whose answer was lost may still appear. */
  readonly settleMilliseconds: number
  /** Until when (monotonic) this process's own lost creations may still appear, by key: no jump of the clock shortens that. */
  readonly unsettled: Map<string, number>
}

export interface Creation<T> {
  /** What would be there twice if it were created twice. */
  readonly key: string
  /** Such as `create a comment`, for people. */
  readonly operation: string
  readonly create: () => Promise<T>
  /** Finds what an earlier try made. */
  readonly look: () => Promise<T | null>
  /** When a creation was tried whose outcome nobody knows; null: never. */
  readonly formerTry: Steady | null
}

/** Throws the fault of `create`, with the moment of the next try in `retryAt`. */
export async function createOnce<T>(creation: Creation<T>, settling: Settling): Promise<T> {
  const { key, create, look, formerTry, operation } = creation
  const { clock, settleMilliseconds, unsettled } = settling
  if (formerTry !== null) {
    const found = await look()
    if (found !== null) return found
    const own = (unsettled.get(key) ?? -Infinity) - clock.monotonic()
    const wait = Math.max(formerTry + settleMilliseconds - clock.monotonic(), own)
    const retryAt = later(clock.now(), Math.ceil(wait))
    if (wait > 0)
      throw new WorldFault(
        `A former try to ${operation} was cut off, and GitHub may still show what came of it; it is looked for again.`,
        // Nothing was tried this time: it is still the former try that is waited for.
        { kind: 'transient', applied: 'no', operation, retryAt },
      )
  }
  try {
    return await create()
  } catch (error) {
    if (!isUnknown(error)) throw error
    const fault = settled(error, settling)
    const found = await look().catch((failed: unknown) => {
      if (failed instanceof WorldFault) return null
      throw failed
    })
    if (found !== null) return found
    remember(settling, key)
    throw fault
  }
}

function remember({ clock, settleMilliseconds, unsettled }: Settling, key: string): void {
  for (const [known, until] of unsettled) if (until <= clock.monotonic()) unsettled.delete(known)
  unsettled.set(key, clock.monotonic() + settleMilliseconds)
}

/** An edit. Throws its fault, with the moment of the next try in `retryAt` when it may still be applied. */
export async function editSettled<T>(edit: () => Promise<T>, settling: Settling): Promise<T> {
  try {
    return await edit()
  } catch (error) {
    throw isUnknown(error) ? settled(error, settling) : error
  }
}

const isUnknown = (error: unknown): error is WorldFault =>
  error instanceof WorldFault && error.applied === 'unknown'

function settled(error: WorldFault, { clock, settleMilliseconds }: Settling): WorldFault {
  const { kind, applied, status, operation } = error
  return new WorldFault(error.message, {
    kind,
    applied,
    operation,
    cause: error,
    retryAt: later(clock.now(), settleMilliseconds),
    ...(status === null ? {} : { status }),
  })
}
