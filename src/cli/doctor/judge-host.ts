/** What the machine must have: Node, git, and the programs of the profiles. Facts in, lines out. */
import type { Profile } from '../../domain/settings.ts'
import type { MissingProgram, Probed } from '../../ports/programs.ts'
import { loginOf } from '../probe-profiles.ts'
import { bad, ok, warn } from './line.ts'
import type { Line } from './line.ts'

/** The first Node that runs TypeScript without a flag and has what we use besides. */
const NODE = 24
/** What every test runs with (Debian 12); older ones were never tried. */
const GIT = [2, 39] as const

export function judgeNode(version: string): Line {
  const major = Number(/^v?(\d+)/.exec(version)?.[1] ?? 0)
  return major >= NODE
    ? ok('node', version)
    : bad(
        'node',
        `${version} is too old`,
        `Run \`npm ci\`, which brings Node ${NODE}, or install it.`,
      )
}

/** `output`: what `git --version` said; null when there is no git. */
export function judgeGit(output: string | null): Line {
  const wanted = GIT.join('.')
  if (output === null) {
    return bad(
      'git',
      'is not on the PATH',
      `Install git ${wanted} or newer (\`apt-get install git\`).`,
    )
  }
  const [, major, minor] = /(\d+)\.(\d+)/.exec(output) ?? []
  if (major === undefined || minor === undefined) {
    return warn('git', `says "${output.trim()}"`, `Check that it is git ${wanted} or newer.`)
  }
  const enough = Number(major) > GIT[0] || (Number(major) === GIT[0] && Number(minor) >= GIT[1])
  const version = output.replace('git version', '').trim()
  return enough
    ? ok('git', version)
    : bad('git', `${version} is too old`, `Install git ${wanted} or newer.`)
}

export interface ProfileFacts {
  readonly profile: Profile
  /** Where its program was found; null for the built-in agent, and when it is nowhere or in an image. */
  readonly program: string | null
  /** Null: it is there. */
  readonly missing: MissingProgram | null
  /** How it answered; null: it was not asked. */
  readonly probed: Probed | null
  /** Which of the variables that it may see are set. */
  readonly variables: readonly string[]
  readonly isDefault: boolean
}

export function judgeProfile(facts: ProfileFacts): Line {
  const { profile, program, missing, probed, variables, isDefault } = facts
  const check = `profile ${profile.name}`
  const suffix = isDefault ? ' (the default)' : ''
  if (profile.command === 'builtin:patch') {
    return ok(check, `the built-in agent that applies the diff in an issue${suffix}`)
  }
  if (missing !== null) {
    return bad(
      check,
      `its program ${missing.program} is not on the PATH${suffix}`,
      `${missing.fix}, or take the profile out of the settings.`,
    )
  }
  const version = probed?.version ?? null
  const where = `${program ?? profile.command[0] ?? ''}${version === null ? '' : ` ${version}`}${suffix}`
  const wrong = probed === null ? null : whatIsWrong(profile, probed)
  if (wrong !== null) return bad(check, `${where}: ${wrong.says}`, wrong.fix)
  if (profile.env.length > 0 && variables.length === 0) {
    return warn(
      check,
      `${where}, but none of its variables is set: ${profile.env.join(', ')}`,
      login(profile),
    )
  }
  return ok(check, probed === null ? where : `${where} answers`)
}

function whatIsWrong(
  profile: Profile,
  { kind, words }: Probed,
): { readonly says: string; readonly fix: string } | null {
  switch (kind) {
    case 'ready':
      return null
    case 'login':
      return { says: `it is not logged in: ${words}`, fix: login(profile) }
    case 'unfit':
      return { says: words, fix: 'Correct `model` or `mode` of the profile.' }
    case 'broken':
      return {
        says: `it does not work: ${words}`,
        fix: 'Start it by hand as the user that runs Yardmaster, with the variables of its profile, and compare its version with the guide.',
      }
    default:
      return kind satisfies never
  }
}

const login = (profile: Profile): string =>
  `Set ${loginOf(profile)}; a log-in in your home folder is not visible to agents.`
