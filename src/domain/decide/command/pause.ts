/**
 * `/pause` and `/resume`: of the whole repository, wherever in it they are said. A pause stops new starts at once; with
 * `now` what runs is parked too, and 👍 says that nothing runs any more. What an operator stopped is not ended here.
 */
import { holdScope, inEffect, stop } from '../../pause.ts'
import type { Subject, World } from '../decision.ts'
import { refused, saying } from './outcome.ts'
import type { Order, Outcome } from './outcome.ts'

export function pause({ task }: Subject, order: Order<'pause'>): Outcome {
  const { now } = order.command
  const { login } = order.by
  const wanted = stop(holdScope(task.repo), { reason: '', by: login, now })
  return {
    event: 'repository.paused',
    why: `${saying(order)}${now ? ' now' : ''}`,
    by: login,
    data: { now },
    surfaces: [],
    pause: wanted,
    ...(now ? { unconfirmed: true } : {}),
  }
}

export function resume({ task }: Subject, order: Order<'resume'>, world: World): Outcome {
  const { pause: known } = world
  if (known === null || !inEffect(known, world.now)) return refused({ kind: 'not-paused' })
  return {
    event: 'repository.resumed',
    why: saying(order),
    by: order.by.login,
    surfaces: [],
    resume: holdScope(task.repo),
  }
}
