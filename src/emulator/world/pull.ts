// The forms that a pull request's parts take; what refers to the issue side lives beside `Issue`.

export type MergeMethod = 'merge' | 'squash' | 'rebase'

export type PullStats = {
  readonly head: string
  readonly base: string
  readonly commits: number
  readonly additions: number
  readonly deletions: number
  readonly changedFiles: number
  readonly mergeable: boolean
}

export type ReviewState = 'PENDING' | 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED'

/** LEFT is the base's side of a difference: lines that the pull request removes. */
export type Side = 'LEFT' | 'RIGHT'
