/**
 * A command without a comment: a button on our check run, or the operator's command line. The deciders and the
 * permission are those of comments; there is nowhere to answer, so that a refusal stands in the ledger alone.
 */
import type { TaskFact } from '../fact.ts'
import { obey } from './command/obey.ts'
import type { Order } from './command/outcome.ts'
import type { Decision, Subject, World } from './decision.ts'
import { begin, fold, foldRefusal, folded } from './fold.ts'
import type { Folding } from './fold.ts'

type Ordered = Extract<TaskFact, { kind: 'ordered' }>

export function decideOrdered(subject: Subject, fact: Ordered, world: World): Decision | null {
  const { actor, route, head } = fact
  const { said } = world
  if (actor === null || actor.kind === 'bot' || said === null || subject.task.version === 0)
    return null
  let all: Folding = begin(subject)
  for (const { command, refusal, line } of said.commands) {
    const order: Order = {
      command,
      by: actor,
      // The button's delivery tells no moment of its own.
      word: { at: world.now, id: 0 },
      route,
      spoken: null,
      ...(head === null ? {} : { head }),
    }
    if (refusal !== null) {
      all = foldRefusal(all, { order, line, why: 'they may not' }, world)
      continue
    }
    const outcome = obey(all.subject, order, world)
    if ('refused' in outcome) {
      const why = outcome.refused.kind.replaceAll('-', ' ')
      all = foldRefusal(all, { order, line, why }, world)
      continue
    }
    all = fold(all, { order, line, change: outcome }, world)
  }
  const { login } = actor
  const otherwise = { event: 'order.none', why: `@${login} ordered nothing`, by: login }
  return folded(all, { acts: [], otherwise }, world)
}
