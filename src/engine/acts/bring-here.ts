import type { Sha } from '../../domain/ids.ts'
import { shortSha } from '../../domain/ids.ts'
import { mergeOf } from '../../domain/merge.ts'
import type { EngineDeps } from '../deps.ts'
import { ActRefused } from './act.ts'
import type { ActContext } from './act.ts'

/** Another machine may have done the work: then it comes from the store. */
export async function bringHere(
  { repository, task }: ActContext,
  head: Sha,
  { git, store }: EngineDeps,
): Promise<void> {
  // What a merge was made of is on GitHub, and so is all that this machine needs to make it again.
  const merge = mergeOf(task)
  if (merge !== null) await git.merge(repository, task.id, merge)
  if (await git.holds(task.id, head)) return
  const work = await store.bundle(task.id, head)
  if (work === null)
    throw new ActRefused(
      `the work of \`${shortSha(head)}\` is neither on this machine nor in the store any more; set the label again to have it done anew`,
    )
  await git.restore(repository, task.id, work)
}
