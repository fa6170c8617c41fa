/** A trigger label that no webhook told of: who set it and when comes from the issue's own events. */
import { isNewWish, labelToAskAbout } from '../domain/diff.ts'
import type { IssueView } from '../domain/fact.ts'
import { taskId } from '../domain/ids.ts'
import type { Repository } from '../domain/repository.ts'
import type { Task } from '../domain/task.ts'
import type { NewFact } from '../ports/store.ts'
import type { EngineDeps } from './deps.ts'

export async function missedWish(
  issue: IssueView,
  task: Pick<Task, 'state' | 'wish'> | null,
  pass: {
    readonly repository: Repository
    readonly trigger: string
    readonly deps: Pick<EngineDeps, 'tracker'>
  },
): Promise<NewFact | null> {
  const { repository, deps } = pass
  const label = labelToAskAbout(issue, task, pass.trigger)
  if (label === null) return null
  const events = await deps.tracker.labelEvents(repository, issue.number)
  const set = events.findLast(
    (event) => event.kind === 'labeled' && event.label.toLowerCase() === label.toLowerCase(),
  )
  if (set === undefined || !isNewWish(set.at, task, repository.firstSeen)) return null
  const edited = await deps.tracker.lastEdited(repository, issue.number)
  return {
    source: 'reconcile',
    key: `reconcile:labeled:${repository.id}:${issue.id}:${label}:${set.at}`,
    aggregate: `task:${taskId(repository.id, issue.id)}`,
    repo: repository,
    fact: {
      kind: 'label-added',
      label,
      actor: set.actor,
      issue,
      at: set.at,
      via: 'reconcile',
      // GitHub tells moments in whole seconds: within the same one nobody knows which came first.
      editedSince: edited !== null && edited >= set.at,
    },
  }
}
