/**
 * Where an attempt works: a fresh place, or the one in which a question was asked or a context filled up, with all that
 * stands there. Where that place is out of reach (another machine, a lost disk) its collected work is laid out in a fresh one.
 */
import { mergeOf } from '../domain/merge.ts'
import type { Sha } from '../domain/ids.ts'
import { isPassing } from '../ports/fault.ts'
import type { Bundle } from '../ports/store.ts'
import type { Place } from '../ports/workspace.ts'
import type { AttemptRun } from './attempt-run.ts'
import type { RunnerDeps } from './deps.ts'

export interface Taken {
  readonly place: Place
  /** `same`: nothing has changed since it was left; `brought`: the work is there, and nothing else; `fresh`: it begins. */
  readonly how: 'same' | 'brought' | 'fresh'
  /** Files in which the merge of the base left conflict markers, however many of them are resolved by now. */
  readonly conflicts: readonly string[]
}

/** How often a passing fault of the world is waited out while preparing; together about 75 s. */
const PREPARE_TRIES = 5

export async function takePlace(run: AttemptRun, deps: RunnerDeps): Promise<Taken> {
  const { resume } = run.task
  if (resume === null) return await fresh(run, deps)
  const same = await deps.workspace.reopen(run.task.id, resume.attempt, run.attempt.id)
  if (same !== null) return { place: same, how: 'same', conflicts: await conflictsOf(run, deps) }
  const work = resume.head === null ? null : await deps.store.bundle(run.task.id, resume.head)
  if (work === null) return await fresh(run, deps)
  const place = await prepare(run, work.base, deps)
  const conflicts = await conflictsOf(run, deps)
  return { place, how: (await laidOut(place, work, deps)) ? 'brought' : 'fresh', conflicts }
}

/** Whoever goes on with a merge must know what conflicted as well as whoever began: the same request finds the same again. */
async function conflictsOf(run: AttemptRun, deps: RunnerDeps): Promise<Taken['conflicts']> {
  const wanted = mergeOf(run.task)
  if (wanted === null) return []
  return (await deps.git.merge(run.repository, run.task.id, wanted)).conflicts
}

/** The base is merged in before anybody is at work there; what conflicts is the agent's to resolve. */
async function fresh(run: AttemptRun, deps: RunnerDeps): Promise<Taken> {
  const wanted = mergeOf(run.task)
  if (wanted === null)
    return { place: await prepare(run, run.base, deps), how: 'fresh', conflicts: [] }
  const { commit, conflicts } = await deps.git.merge(run.repository, run.task.id, wanted)
  return { place: await prepare(run, commit, deps), how: 'fresh', conflicts }
}

/** Work that cannot be laid out is begun anew: the answer counts all the same. */
async function laidOut(place: Place, work: Bundle, deps: RunnerDeps): Promise<boolean> {
  try {
    await deps.workspace.layOut(place, work)
    return true
  } catch (error) {
    if (isPassing(error)) throw error
    deps.log.warn(
      { error, attempt: place.attempt },
      'the work of before the question is lost; the task begins anew with the answer',
    )
    return false
  }
}

async function prepare(run: AttemptRun, base: Sha, deps: RunnerDeps): Promise<Place> {
  for (let tried = 1; ; tried++) {
    try {
      return await deps.workspace.prepare(run.repository, run.task.id, run.attempt.id, base)
    } catch (error) {
      if (!isPassing(error) || tried >= PREPARE_TRIES || run.signal.aborted) throw error
      await deps.clock.sleep(5_000 * 2 ** (tried - 1), run.signal)
    }
  }
}
