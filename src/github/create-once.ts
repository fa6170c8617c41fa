/**
 * Creates what GitHub does not de-duplicate (comments, check runs). After an unknown outcome it is looked for at once;
 * where it is absent, nobody is to create it again before GitHub must have shown it (rule).
 */
import { later } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import { WorldFault } from '../ports/fault.ts'

export interface Settling {
  readonly clock: Clock
  /** How long a creation whose answer was lost may still appear. */
  readonly settleMilliseconds: number
}

/** `look` finds what an earlier try made. Throws the fault of `create`, with the moment of the next try in `retryAt`. */
export async function createOnce<T>(
  create: () => Promise<T>,
  look: () => Promise<T | null>,
  { clock, settleMilliseconds }: Settling,
): Promise<T> {
  try {
    return await create()
  } catch (error) {
    if (!(error instanceof WorldFault) || error.applied !== 'unknown') throw error
    const settled = later(clock.now(), settleMilliseconds)
    const found = await look().catch((failed: unknown) => {
      if (failed instanceof WorldFault) return null
      throw failed
    })
    if (found !== null) return found
    const { kind, applied, status, operation } = error
    throw new WorldFault(error.message, {
      kind,
      applied,
      operation,
      cause: error,
      retryAt: settled,
      ...(status === null ? {} : { status }),
    })
  }
}
