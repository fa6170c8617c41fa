/**
 * Keeps an eye on the programs of the profiles: a task whose profile has none here waits and says so, instead of failing
 * until it has used up its attempts, and starts by itself once the program is there.
 */
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { MissingProgram, Programs } from '../ports/programs.ts'
import { startLoop } from './loop.ts'
import type { Loop } from './loop.ts'

export type MissingPrograms = ReadonlyMap<string, MissingProgram>

export interface ProgramWatch {
  /** As of the last look. */
  missing(): MissingPrograms
  /** From then on `changed` is called when a program came or went. */
  start(changed: () => Promise<void>): Loop
}

/** While one is missing somebody may be installing it. Milliseconds; judgements, a look costs some file calls. */
const EAGER = 5_000
const IDLE = 60_000

/** Has looked once when it resolves. `programs` undefined: every program counts as there. */
export async function watchPrograms(
  programs: Programs | undefined,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<ProgramWatch> {
  const look = async (): Promise<MissingPrograms> => (await programs?.missing()) ?? new Map()
  let missing = await look()
  tell(missing, new Map())

  function tell(now: MissingPrograms, before: MissingPrograms): void {
    for (const [profile, { program, fix }] of now)
      if (!before.has(profile)) log.warn({ profile, program }, `a program is missing. ${fix}.`)
    for (const [profile, { program }] of before)
      if (!now.has(profile)) log.info({ profile, program }, 'a program that was missing is there')
  }

  return {
    missing: () => missing,
    start: (changed) =>
      startLoop(
        { name: 'programs', clock, log, every: () => (missing.size > 0 ? EAGER : IDLE) },
        async () => {
          const before = missing
          missing = await look()
          const same =
            missing.size === before.size && [...missing.keys()].every((name) => before.has(name))
          if (same) return
          tell(missing, before)
          await changed()
        },
      ),
  }
}
