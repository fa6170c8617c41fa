/** Pushes the verified head to the task's own branch, and never over something that is not ours. */
import type { ActDetail } from '../../domain/act.ts'
import type { ChangedFile } from '../../domain/attempt.ts'
import { shortSha } from '../../domain/ids.ts'
import type { Sha } from '../../domain/ids.ts'
import { ownCheck } from '../surfaces/marks.ts'
import { protectedPaths } from '../../policy/protected-paths.ts'
import { createPolicyReader } from '../deps.ts'
import type { EngineDeps } from '../deps.ts'
import { ActRefused } from './act.ts'
import type { ActContext, ActResult } from './act.ts'
import { bringHere } from './bring-here.ts'
import { lookThrough } from './look-through.ts'

type Push = Extract<ActDetail, { kind: 'push' }>

export async function push(
  context: ActContext,
  detail: Push,
  deps: EngineDeps,
): Promise<ActResult> {
  const { repository, task } = context
  const { branch, head } = detail
  await bringHere(context, head, deps)
  const base = baseOf(context, head)
  const files = await deps.git.changes(task.id, { base, head })
  mustPass(context, { head, files })
  const going = { branch, head, base, paths: files.map(({ path }) => path) }
  const leaks = await lookThrough(task, going, detail.seen === true, deps)
  if (leaks.length > 0) return { outcome: { kind: 'secrets', head, base, leaks }, remoteId: null }
  const attempt = (expected: Push['expected']) =>
    deps.git.push(repository, task.id, { branch, head, expected })
  let outcome = await attempt(detail.expected)
  // A person deleted our branch (merging often does): it may be made anew, nothing of anybody's is overwritten.
  if (outcome.kind === 'moved' && outcome.found === null && detail.expected !== null)
    outcome = await attempt(null)
  if (outcome.kind === 'moved' && (await isOurs(outcome.found, context, deps)))
    outcome = await attempt(outcome.found)
  switch (outcome.kind) {
    case 'pushed':
    case 'already-there':
      return { outcome: { kind: 'pushed', head }, remoteId: head }
    case 'moved':
      if (outcome.found === null)
        throw new ActRefused(
          `the branch \`${branch}\` was deleted while it was pushed to, so nothing was pushed; set the label again`,
        )
      return { outcome: { kind: 'moved', found: outcome.found }, remoteId: null }
    case 'refused':
      throw new ActRefused(`GitHub refused the push to \`${branch}\`: ${outcome.reason}`)
    default:
      return outcome satisfies never
  }
}

/** A store that was restored may have forgotten its last push; the check run that followed it tells that it was ours. */
async function isOurs(
  found: Sha | null,
  { repository, task }: ActContext,
  { store, tracker }: EngineDeps,
): Promise<boolean> {
  if (found === null || (await store.about.get('looks-first')) === null) return false
  return tracker.hasCheck(repository, ownCheck(task, found))
}

/** On what it builds; throws when nobody knows, because then nobody knows what would leave. */
function baseOf({ task }: ActContext, head: Sha): Sha {
  const base = task.report?.head === head ? task.report.base : null
  if (base === null)
    throw new ActRefused(`nobody knows on what \`${shortSha(head)}\` builds, so it was not pushed`)
  return base
}

/**
 * A second look by the files themselves, whatever was decided before: what touches a protected path leaves this machine
 * only under the yes that names exactly this commit.
 */
function mustPass(
  { repository, task }: ActContext,
  { head, files }: { readonly head: Sha; readonly files: readonly ChangedFile[] },
): void {
  if (task.approved === head) return
  const [path] = protectedPaths(files, policyOf(repository.config))
  if (path !== undefined)
    throw new ActRefused(
      `\`${shortSha(head)}\` changes the protected path \`${path}\`, and nobody has approved that commit`,
    )
}

const policyOf = createPolicyReader()
