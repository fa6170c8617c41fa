/** The `Programs` port: what lies on PATH, and a probe of it in the jail that attempts get. */
import type { Profile } from '../domain/settings.ts'
import type { Programs } from '../ports/programs.ts'
import type { AgentsOptions } from './agents-options.ts'
import { missingPrograms } from './find-program.ts'
import { probeAgent } from './probe-agent.ts'

export function createPrograms(
  options: AgentsOptions,
  about: {
    readonly profiles: readonly Profile[]
    /** Where a probe may make a folder. */
    readonly folder: string
    /** There is no sandbox, and the operator has not waived it: nothing of theirs is started. */
    readonly noJail: boolean
  },
): Programs {
  return {
    async missing() {
      const { kind } = options.jail
      // The programs of an image are not those of this machine.
      if (kind !== 'bwrap' && kind !== 'none') return new Map()
      return await missingPrograms(about.profiles, options.environment['PATH'] ?? '')
    },
    async probe(profile, signal) {
      const speaks = profile.command !== 'builtin:patch' && profile.protocol === 'acp'
      return speaks && !about.noJail
        ? await probeAgent(options, profile, { folder: about.folder, signal })
        : null
    },
  }
}
