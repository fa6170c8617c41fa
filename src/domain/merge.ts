/** The merge with which a revision for the base begins, as every machine makes it: the same request, the same commit. */
import type { Instant, Sha } from './ids.ts'
import { branchOf } from './task.ts'
import type { Task } from './task.ts'

export interface MergeOfBase {
  readonly head: Sha
  readonly onto: Sha
  readonly at: Instant
  readonly message: string
}

/** Null: nothing is merged. */
export function mergeOf(task: Pick<Task, 'revision' | 'number'>): MergeOfBase | null {
  const { revision } = task
  if (revision === null || revision.reason !== 'base' || revision.onto === null) return null
  const { head, onto, at } = revision
  return { head, onto, at, message: `Merge the base into ${branchOf(task)}` }
}
