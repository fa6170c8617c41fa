/** What a pause with `now` reaches is told so, attempt by attempt: through the inbox, so that each is told once and a death in between loses none. */
import { parks } from '../domain/pause.ts'
import type { AdmissionView, NewFact } from '../ports/store.ts'
import { sayPause } from '../render/pause.ts'
import type { EngineDeps } from './deps.ts'

export async function parkRunning(
  view: AdmissionView,
  { store, clock }: Pick<EngineDeps, 'store' | 'clock'>,
): Promise<void> {
  const now = clock.now()
  const facts = view.live.flatMap((attempt): readonly NewFact[] => {
    const pause = view.pauses.find((one) => parks(one, attempt.repo, now))
    if (pause === undefined || attempt.stop !== null) return []
    const { id, epoch, task } = attempt
    return [
      {
        source: 'timer',
        key: `pause:${id}:${epoch}`,
        aggregate: `task:${task}`,
        repo: null,
        fact: { kind: 'paused', attempt: id, epoch, reason: sayPause(pause), by: pause.by },
      },
    ]
  })
  if (facts.length > 0) await store.append(facts)
}
