/** Attempts whose process is gone come back as facts: at start-up those of our former life, later those whose lease ran out. */
import { emptyReport } from '../domain/attempt.ts'
import type { Attempt } from '../domain/attempt.ts'
import type { EngineDeps } from './deps.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'

/** Facts of one task that wait are few; beyond that many, a second report does no harm. */
const INBOX_LOOK = 100

/** Before this process takes any attempt: what it held in a former life is lost. */
export async function recoverOwn(deps: EngineDeps): Promise<number> {
  const orphans = await deps.store.orphans(deps.runner)
  return report(
    orphans.filter(({ runner }) => runner === deps.runner),
    deps,
  )
}

/** `leads`: two apps that report the same loss would only say it twice. */
export function startOrphanWatch(deps: EngineDeps, leads: () => boolean): Loop {
  const { clock, log, timing } = deps
  let looked = clock.now()
  return startLoop({ name: 'orphans', clock, log, every: () => timing.look }, async () => {
    const since = clock.now() - looked
    looked = clock.now()
    // This machine slept: whoever slept with it holds its attempts still, and renews its leases before the next look.
    if (since > timing.look + timing.lease / 2) return
    if (leads()) await report(await deps.store.orphans(null), deps)
  })
}

/** One whose end waits in the inbox is not lost: its process reported before it went. */
async function withoutEnd(orphans: readonly Attempt[], { store }: EngineDeps) {
  const lost: Attempt[] = []
  for (const attempt of orphans) {
    const facts = await store.unconsumed(`task:${attempt.task}`, INBOX_LOOK)
    const ended = facts.some(
      ({ fact }) =>
        fact.kind === 'attempt-ended' &&
        fact.attempt === attempt.id &&
        fact.epoch === attempt.epoch,
    )
    if (!ended) lost.push(attempt)
  }
  return lost
}

async function report(found: readonly Attempt[], deps: EngineDeps): Promise<number> {
  const orphans = await withoutEnd(found, deps)
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
        report:
          attempt.runner === null
            ? emptyReport({ kind: 'stopped' }, 'no runner took the attempt in time')
            : emptyReport({ kind: 'lost' }, 'the process that ran it is gone'),
      },
    })),
  )
  return orphans.length
}
