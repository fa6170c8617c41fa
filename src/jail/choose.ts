/** Turns the operator's choice and what the machine can do into a jail, or into words that say what is missing. */
import type { JailChoice } from '../domain/settings.ts'
import type { Jail } from '../ports/jail.ts'
import { createBwrapJail } from './bwrap.ts'
import { createNoJail } from './none.ts'
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
}

export async function chooseJail({ choice, ...options }: ChooseOptions): Promise<JailDecision> {
  const none = (): Jail => createNoJail({ ...options, path: options.toolchain.path })
  if (choice === 'none') {
    const reason = 'the operator has switched the jail off (`jail: none`)'
    return { kind: 'open', jail: none(), asked: true, reason, fix: 'Write `jail: auto`.' }
  }
  const probe = await probeBwrap(options)
  if (probe.kind === 'bwrap') {
    const jail = createBwrapJail({ ...options, program: probe.program })
    return { kind: 'contained', jail, version: probe.version }
  }
  const { reason, fix } = probe
  return choice === 'bwrap'
    ? { kind: 'unavailable', reason, fix }
    : { kind: 'open', jail: none(), asked: false, reason, fix }
}
