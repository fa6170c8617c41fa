/** Attempts whose process is gone come back as facts: at start-up those of our former life, later those whose lease ran out. */
import { emptyReport } from '../domain/attempt.ts'
import type { Attempt } from '../domain/attempt.ts'
import type { EngineDeps } from './deps.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'

/** Leases last 20 s; looking this often keeps a takeover under 30 s. Milliseconds. */
const LOOK = 5_000

/** Before this process takes any attempt: what it held in a former life is lost. */
export async function recoverOwn(deps: EngineDeps): Promise<number> {
  return report(await deps.store.orphans(deps.runner), deps)
}

export function startOrphanWatch(deps: EngineDeps): Loop {
  return startLoop(
    { name: 'orphans', clock: deps.clock, log: deps.log, every: () => LOOK },
    async () => {
      await report(await deps.store.orphans(null), deps)
    },
  )
}

async function report(orphans: readonly Attempt[], deps: EngineDeps): Promise<number> {
  if (orphans.length === 0) return 0
  deps.log.warn({ attempts: orphans.map((attempt) => attempt.id) }, 'attempts lost their process')
  await deps.store.append(
    orphans.map((attempt) => ({
      source: 'runner' as const,
      key: `attempt:${attempt.id}:${attempt.epoch}:lost`,
      aggregate: `task:${attempt.task}` as const,
      repo: null,
      fact: {
        kind: 'attempt-ended' as const,
        attempt: attempt.id,
        epoch: attempt.epoch,
        report: emptyReport({ kind: 'lost' }, 'the process that ran it is gone'),
      },
    })),
  )
  return orphans.length
}
