/** Reacts to a person's words, in order. Nobody waits for it: a comment that is gone takes no reaction, and that is all. */
import type { ActDetail } from '../../domain/act.ts'
import { later } from '../../domain/ids.ts'
import { parks } from '../../domain/pause.ts'
import type { EngineDeps } from '../deps.ts'
import { NotYet } from './act.ts'
import type { ActContext, ActResult } from './act.ts'

type React = Extract<ActDetail, { kind: 'react' }>

/** An attempt needs seconds to end with its work kept. Milliseconds. */
const LOOK_AGAIN = 1_000

export async function react(
  { repository, notAfter }: ActContext,
  { to, contents, when }: React,
  { tracker, store, clock }: EngineDeps,
): Promise<ActResult> {
  const nothing: ActResult = { outcome: { kind: 'nothing' }, remoteId: null }
  if (when === 'nothing-runs') {
    const { live, pauses } = await store.admission.view()
    if (!pauses.some((pause) => parks(pause, repository.id, clock.now()))) return nothing
    if (live.some((attempt) => attempt.repo === repository.id))
      throw new NotYet(later(clock.now(), LOOK_AGAIN))
  }
  for (const content of contents)
    if (!(await tracker.react(repository, to, { content, notAfter }))) break
  return nothing
}
