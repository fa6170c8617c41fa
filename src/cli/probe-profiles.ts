/** What the operator hears at the start about the programs of their profiles: nothing where all answer. */
import type { OperatorSettings, Profile } from '../domain/settings.ts'
import { presetOf } from '../policy/presets.ts'
import type { Log } from '../ports/log.ts'
import type { Probed, Programs } from '../ports/programs.ts'

/** One after the other: each may take half a gigabyte for a moment. Ends early once `signal` aborts; never rejects. */
export async function probeProfiles(
  programs: Programs,
  { profiles }: Pick<OperatorSettings, 'profiles'>,
  about: { readonly log: Log; readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<void> {
  const { log, signal, say } = about
  try {
    const missing = await programs.missing()
    for (const profile of Object.values(profiles)) {
      const lacking = missing.get(profile.name)
      if (lacking === undefined) continue
      const { program, fix } = lacking
      say(
        `The profile ${profile.name} has no program: ${program} is not there. ${fix}; until then its tasks wait.`,
      )
    }
    for (const profile of Object.values(profiles)) {
      if (missing.has(profile.name)) continue
      if (signal.aborted) return
      const probed = await programs.probe(profile, signal)
      if (probed === null || signal.aborted) continue
      log.info({ profile: profile.name, ...probed }, 'a program was probed')
      const words = probedWords(profile, probed)
      if (words !== null) say(`The profile ${profile.name} ${words}`)
    }
  } catch (error) {
    log.warn({ error }, 'the programs of the profiles could not be probed')
  }
}

/** The rest of a sentence that begins with the profile, and what to do; null: it is well. */
export function probedWords(profile: Profile, { kind, words }: Probed): string | null {
  const program = profile.command[0] ?? ''
  switch (kind) {
    case 'ready':
      return null
    case 'login':
      return `is not logged in: ${words}. Set ${loginOf(profile)} for Yardmaster; a log-in in your home folder is not visible to agents.`
    case 'unfit':
      return `asks for what ${program} has not: ${words}. Correct the profile’s model or mode.`
    case 'broken':
      return `does not work: ${program}: ${words}`
    default:
      return kind satisfies never
  }
}

/** The variables of which one is wanted, as far as they are known. */
export function loginOf(profile: Profile): string {
  const names = presetOf(profile)?.login ?? []
  const known = names.length === 0 ? profile.env : names
  return known.length === 0 ? 'the variable that pays for its model' : known.join(' or ')
}
