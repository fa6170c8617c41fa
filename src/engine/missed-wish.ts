/** A trigger label that no webhook told of: who set it and when comes from the issue's own events. */
import { isNewWish, labelToAskAbout } from '../domain/diff.ts'
import { later, taskId } from '../domain/ids.ts'
import type { Repository } from '../domain/repository.ts'
import type { Task } from '../domain/task.ts'
import { parseTriggerLabel } from '../domain/trigger.ts'
import type { NewFact } from '../ports/store.ts'
import type { ChangedIssue, Tracker } from '../ports/tracker.ts'

/** Moments are told in whole seconds: of one change two may differ by that much. Milliseconds. */
const WHOLE_SECONDS = 1_000

export async function missedWish(
  { issue, updatedAt }: ChangedIssue,
  task: Pick<Task, 'state' | 'wish'> | null,
  pass: {
    readonly repository: Repository
    readonly trigger: string
    readonly deps: { readonly tracker: Pick<Tracker, 'labelEvents' | 'lastEdited'> }
  },
): Promise<NewFact | null> {
  const { repository, deps } = pass
  const label = labelToAskAbout(issue, task, pass.trigger)
  if (label === null) return null
  const events = await deps.tracker.labelEvents(repository, issue.number)
  const listed = repository.foundLabelled.includes(issue.number)
  const sight = { firstSeen: repository.firstSeen, listed }
  const set = events.findLast(
    (event) => event.kind === 'labeled' && event.label.toLowerCase() === label.toLowerCase(),
  )
  if (set === undefined || !isNewWish(set.at, task, sight)) return null
  // A list that lags shows the text and the labels of a time before the label; it comes again once it has caught up.
  if (updatedAt < later(set.at, -WHOLE_SECONDS)) return null
  const edited = await deps.tracker.lastEdited(repository, issue.number)
  // Of two labels at once nothing comes; when one of them is gone, the other is another wish.
  const beside = issue.labels
    .filter((other) => other !== label && parseTriggerLabel(other, pass.trigger).kind !== 'none')
    .toSorted()
  return {
    source: 'reconcile',
    key: `reconcile:labeled:${repository.id}:${issue.id}:${[label, ...beside].join('+')}:${set.at}`,
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
