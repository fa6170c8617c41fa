/** One command of a person who may give it, by whatever route: the same decider for all of them. */
import type { CommandName } from '../../command.ts'
import type { Matter } from '../../task.ts'
import type { Subject, World } from '../decision.ts'
import { approve } from './approve.ts'
import { answer } from './answer.ts'
import { cancel } from './cancel.ts'
import { hold, unhold } from './hold.ts'
import { saying } from './outcome.ts'
import type { Order, Outcome } from './outcome.ts'
import { pause, resume } from './pause.ts'
import { priority } from './priority.ts'
import { reject } from './reject.ts'
import { reviewed } from './reviewed.ts'
import { revise, update } from './revise.ts'
import { run } from './run.ts'

/** What a later word of another kind takes back, whichever delivery comes first. */
export const MATTERS: Partial<Readonly<Record<CommandName, Matter>>> = {
  run: 'wish',
  retry: 'wish',
  cancel: 'wish',
  hold: 'hold',
  unhold: 'hold',
  priority: 'priority',
  pause: 'pause',
  resume: 'pause',
}

export function obey(subject: Subject, order: Order, world: World): Outcome {
  const { command } = order
  switch (command.kind) {
    case 'run':
    case 'retry':
      return run(subject, { ...order, command }, world)
    case 'cancel':
      return cancel(subject, { ...order, command })
    case 'hold':
      return hold(subject, { ...order, command })
    case 'unhold':
      return unhold(subject, { ...order, command })
    case 'priority':
      return priority(subject, { ...order, command })
    case 'status':
    case 'help':
      return {
        event: `command.${command.kind}`,
        why: saying(order),
        by: order.by.login,
        surfaces: [],
        reply: { kind: command.kind },
      }
    case 'answer':
      return answer(subject, { ...order, command }, world)
    case 'approve':
      return approve(subject, { ...order, command })
    case 'reject':
      return reject(subject, { ...order, command })
    case 'revise':
      return revise(subject, { ...order, command }, world)
    case 'update':
      return update(subject, { ...order, command }, world)
    case 'reviewed':
      return reviewed(subject, { ...order, command })
    case 'pause':
      return pause(subject, { ...order, command })
    case 'resume':
      return resume(subject, { ...order, command }, world)
    default:
      return command satisfies never
  }
}
