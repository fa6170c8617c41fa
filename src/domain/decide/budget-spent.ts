/**
 * A task's budget is spent: whoever asked for the work decides whether it gets as much again. Where the operator allows
 * no more there is nothing to decide, and the task fails with what it has done kept.
 */
import { taskBudget } from '../budget.ts'
import type { TaskFact } from '../fact.ts'
import { ask } from './ask.ts'
import { fail } from './attempt-ended.ts'
import { noted } from './decision.ts'
import type { Decision, Subject, World } from './decision.ts'

type Spent = Extract<TaskFact, { kind: 'budget-spent' }>

export const AS_MUCH_AGAIN = 'Allow as much again'
export const STOP = 'Stop here'

export function decideBudgetSpent(subject: Subject, fact: Spent, world: World): Decision | null {
  const { task } = subject
  if (task.version === 0) return null
  const { policy } = world
  if (
    task.state.kind !== 'queued' ||
    task.epoch !== fact.epoch ||
    task.purse.raised !== fact.raised ||
    policy.kind !== 'ready'
  )
    return noted(subject, world, {
      event: 'budget.late',
      why: `${fact.why}; something else has happened to the task since`,
    })
  const { budget } = policy.settings
  const { budget: caps } = world.operator.caps
  const now = taskBudget(budget, caps, task.purse)
  const more = taskBudget(budget, caps, { raised: task.purse.raised + 1 })
  if (more.cost <= now.cost && more.tokens <= now.tokens)
    return fail(subject, null, world, `${fact.why}, and the operator allows no more for one task`)
  return ask(
    subject,
    world,
    {
      text: `${fact.why}. Shall the work go on with as much again? What is done so far is kept.`,
      options: [AS_MUCH_AGAIN, STOP],
      recommended: null,
    },
    { about: 'budget' },
  )
}
