/** Turns the operator's choice and what the machine can do into a jail, or into words that say what is missing. */
import type { JailChoice, JailKind } from '../domain/settings.ts'
import type { Jail } from '../ports/jail.ts'
import { createBwrapJail } from './bwrap.ts'
import { ENGINE_VARIABLES } from './container-arguments.ts'
import { createNoJail } from './none.ts'
import { probeContainer } from './probe-container.ts'
import { probeBwrap, type ProbeOptions } from './probe.ts'

export type JailDecision =
  /** Programs are contained. */
  | { readonly kind: 'contained'; readonly jail: Jail; readonly version: string }
  /** Not contained. `asked`: the operator wrote `jail: none`; otherwise only `builtin:patch` may run, for the given reason. */
  | {
      readonly kind: 'open'
      readonly jail: Jail
      readonly asked: boolean
      readonly reason: string
      readonly fix: string
    }
  /** The operator wrote `jail: bwrap` and there is none that works: nothing may run. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly fix: string }

export interface ChooseOptions extends ProbeOptions {
  readonly choice: JailChoice
  /** For podman and docker; null: they are not tried. */
  readonly image: string | null
  /** The operator's environment; of it podman and docker get what they need. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

export async function chooseJail(options: ChooseOptions): Promise<JailDecision> {
  const { choice, toolchain } = options
  const none = (): Jail => createNoJail({ ...options, path: toolchain.path })
  if (choice === 'none') {
    const reason = 'the operator has switched the jail off (`jail: none`)'
    return { kind: 'open', jail: none(), asked: true, reason, fix: 'Write `jail: auto`.' }
  }
  const reasons: string[] = []
  const fixes: string[] = []
  for (const candidate of candidates(options)) {
    const probe = await tried(candidate, options)
    if (probe.kind === 'contained') return probe
    reasons.push(probe.reason)
    fixes.push(probe.fix)
  }
  // How to mend the first is enough: the others are there for whoever cannot.
  const [fix = ''] = fixes
  const reason = reasons.join('; ')
  return choice === 'auto'
    ? { kind: 'open', jail: none(), asked: false, reason, fix }
    : { kind: 'unavailable', reason, fix }
}

type Candidate = Exclude<JailKind, 'none'>

const candidates = ({ choice, image }: ChooseOptions): readonly Candidate[] => {
  if (choice !== 'auto' && choice !== 'none') return [choice]
  return image === null ? ['bwrap'] : ['bwrap', 'podman', 'docker']
}

type Tried =
  | Extract<JailDecision, { kind: 'contained' }>
  | { readonly kind: 'unavailable'; readonly reason: string; readonly fix: string }

async function tried(candidate: Candidate, options: ChooseOptions): Promise<Tried> {
  const { environment, image, toolchain } = options
  if (candidate === 'bwrap') {
    const probe = await probeBwrap(options)
    if (probe.kind === 'unavailable') return probe
    const jail = createBwrapJail({ ...options, program: probe.program })
    return { kind: 'contained', jail, version: probe.version }
  }
  const fix = 'Write `image: <its name>`.'
  if (image === null) return { kind: 'unavailable', reason: `${candidate} has no image`, fix }
  const probe = await probeContainer({
    ...options,
    engine: candidate,
    image,
    path: toolchain.path,
    environment: Object.fromEntries(
      ENGINE_VARIABLES.flatMap((name) => {
        const value = environment[name]
        return value === undefined ? [] : [[name, value]]
      }),
    ),
  })
  return probe.kind === 'unavailable' ? probe : { ...probe, kind: 'contained' }
}
