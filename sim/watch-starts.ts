/**
 * Watches with what profile each slot is given: one whose provider rests starts nothing, and one stands in only for
 * another that is at its limit. By whichever of two readings of the clock is kinder, for it may be set in between.
 */
import { limitScope, profileScope } from '../src/domain/pause.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { Admission, Start } from '../src/ports/store.ts'
import { OPERATOR } from './settings.ts'
import type { World } from './world.ts'

export function watchStarts(admission: Admission, clock: Clock, world: World): Admission {
  let looked = clock.now()
  const rests = (scope: string, at: number): boolean => {
    const pause = world.database.pauses.get(scope)
    return pause !== undefined && (pause.until ?? Infinity) > at
  }

  function judge({ task, attempt }: Start): string | null {
    const { profile, startedAt } = attempt
    const latest = Math.max(looked, startedAt)
    if ([limitScope, profileScope].some((scope) => rests(scope(profile), latest)))
      return `${attempt.id} starts with ${profile}, which rests`
    const { standIn } = task
    const wished = task.wish?.profile ?? OPERATOR.defaultProfile
    if (standIn === undefined)
      return profile === wished ? null : `${attempt.id} starts with ${profile} instead of ${wished}`
    const named = standIn.profile === profile && standIn.wished === wished
    if (!named || OPERATOR.profiles[wished]?.fallback !== profile)
      return `${attempt.id} starts with ${profile}, which is no fallback of ${wished}`
    return rests(limitScope(wished), Math.min(looked, startedAt))
      ? null
      : `${attempt.id} starts with ${profile}, although ${wished} is not at its limit`
  }

  return {
    ...admission,
    async view() {
      looked = clock.now()
      return await admission.view()
    },
    async admit(version, starts, within) {
      const wrong = starts.map(judge).filter((words) => words !== null)
      const admitted = await admission.admit(version, starts, within)
      // What was not admitted was decided on what is not so any more.
      if (admitted) world.violations.push(...wrong)
      return admitted
    },
  }
}
