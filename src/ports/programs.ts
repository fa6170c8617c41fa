/** The programs of the profiles on this machine: which are not there, and how one of them answers when it is probed. */
import type { Profile } from '../domain/settings.ts'

export interface MissingProgram {
  /** As the profile names it. */
  readonly program: string
  /** What the operator can do, as a sentence. */
  readonly fix: string
}

/** How a program answered when it was started for a moment, as an attempt would start it, and asked for a session but for no work. */
export interface Probed {
  /**
   * `login`: it wants one, or holds nothing that could be one. `unfit`: it does not offer the model or the mode of the
   * profile. `broken`: it does not start, or does not answer.
   */
  readonly kind: 'ready' | 'login' | 'unfit' | 'broken'
  /** As it tells, such as `0.100.0`; null: it told none. */
  readonly version: string | null
  /** Where it is not ready: what is wrong, in one line; otherwise empty. */
  readonly words: string
}

export interface Programs {
  /** By the profile's name. Cheap: it looks at files, and starts nothing. */
  missing(): Promise<ReadonlyMap<string, MissingProgram>>
  /** Null: there is nothing to try (the built-in agent, a command, no sandbox to try it in). Never rejects for what a program does; an abort of `signal` ends it early. */
  probe(profile: Profile, signal: AbortSignal): Promise<Probed | null>
}
