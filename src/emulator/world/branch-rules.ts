// What a protected branch asks of a pull request.

export type BranchRules = {
  /** A classic protection, which only administrators read whole, or a ruleset, which all read. */
  readonly by: 'protection' | 'ruleset'
  /** Names of checks or contexts of statuses. */
  readonly requiredChecks: readonly string[]
  /** Whether the head must hold the newest commit of the base. */
  readonly strict: boolean
  /** Approvals by people with write access; 0: none asked for. */
  readonly approvals: number
}
