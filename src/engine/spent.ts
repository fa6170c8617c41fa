/** Tasks whose budget is spent are told so through the inbox: each time anew until the task has taken note of it, and never twice for one version of it. */
import type { Schedule } from '../domain/schedule.ts'
import type { AdmissionView, NewFact } from '../ports/store.ts'
import { sayTaskSpent } from '../render/budget.ts'
import type { EngineDeps } from './deps.ts'

export async function askAboutBudgets(
  { queued }: Pick<AdmissionView, 'queued'>,
  { waiting }: Pick<Schedule, 'waiting'>,
  { store }: { readonly store: Pick<EngineDeps['store'], 'append'> },
): Promise<void> {
  const facts = queued.flatMap((task): readonly NewFact[] => {
    const wait = waiting.get(task.id)
    if (wait?.kind !== 'task-budget') return []
    const { epoch, purse } = task
    const why = sayTaskSpent(wait.spent, wait.budget)
    return [
      {
        source: 'timer',
        key: `budget:${task.id}:${task.version}`,
        aggregate: `task:${task.id}`,
        repo: null,
        fact: { kind: 'budget-spent', epoch, raised: purse.raised, why },
      },
    ]
  })
  if (facts.length > 0) await store.append(facts)
}
