/** What programs of strangers run in. Facts in, lines out. */
import type { JailKind, Profile } from '../../domain/settings.ts'
import { sayJail } from '../say-jail.ts'
import { bad, ok, warn } from './line.ts'
import type { Line } from './line.ts'

export type JailFacts =
  | {
      readonly kind: 'contained'
      readonly jail: JailKind
      readonly version: string
      readonly asRoot: boolean
    }
  | {
      readonly kind: 'open'
      /** The operator wrote `jail: none`. */
      readonly asked: boolean
      readonly reason: string
      readonly fix: string
    }
  | { readonly kind: 'unavailable'; readonly reason: string; readonly fix: string }

export function judgeJail(facts: JailFacts, profiles: readonly Profile[]): Line {
  switch (facts.kind) {
    case 'contained':
      return ok(
        'jail',
        `${sayJail(facts.jail)} ${facts.version} works${facts.asRoot && facts.jail === 'bwrap' ? '; as root, whose processes the kernel does not count: a user of its own is safer' : ''}`,
      )
    case 'unavailable':
      return bad('jail', facts.reason, facts.fix)
    case 'open': {
      if (facts.asked)
        return warn('jail', `none: ${facts.reason}; programs run with your rights`, facts.fix)
      const stopped = profiles
        .filter((profile) => profile.command !== 'builtin:patch')
        .map((profile) => profile.name)
      if (stopped.length === 0) {
        return warn('jail', `none: ${facts.reason}; only the built-in agent may run`, facts.fix)
      }
      return bad(
        'jail',
        `none: ${facts.reason}; these profiles will not run: ${stopped.join(', ')}`,
        `${facts.fix} Or write \`jail: none\` in the settings, and they run with your rights.`,
      )
    }
    default:
      return facts satisfies never
  }
}
