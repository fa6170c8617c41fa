/** What an attempt changed and Yardmaster may not push: workflow files, for which the App asks no permission on purpose. */
import type { Sha } from './ids.ts'

export interface Withheld {
  /** The commit that holds all of the work, these files included; it is never pushed. */
  readonly head: Sha
  readonly paths: readonly string[]
  /** For `git apply`, on the attempt's base; null: too long to be shown. */
  readonly patch: string | null
}

/** GitHub knows workflows by exactly this folder. */
export const WORKFLOWS = '.github/workflows'

/** `from`: where a file that was moved was before. */
export const isWorkflow = ({
  path,
  from,
}: {
  readonly path: string
  readonly from?: string
}): boolean =>
  [path, from].some((one) => one === WORKFLOWS || one?.startsWith(`${WORKFLOWS}/`) === true)
